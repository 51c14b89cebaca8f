"""Writes on organisations and their people; import them from here."""

from programme.organisations.services.describing import describe_organisation
from programme.organisations.services.members import (
    accept_invitation,
    change_role,
    close_account,
    invite_member,
    remove_member,
    resend_invitation,
    revoke_invitation,
)
from programme.organisations.services.organisations import create_organisation, set_capacity
from programme.organisations.services.people import close_person, set_rights
from programme.organisations.services.published import load_organisations, published_pairings

__all__ = [
    "accept_invitation",
    "change_role",
    "close_account",
    "close_person",
    "create_organisation",
    "describe_organisation",
    "invite_member",
    "load_organisations",
    "published_pairings",
    "remove_member",
    "resend_invitation",
    "revoke_invitation",
    "set_capacity",
    "set_rights",
]
