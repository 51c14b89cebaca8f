"""Writes on the programme, by what they are about; import them from here."""

from programme.services.calls import (
    CallData,
    CriterionData,
    MilestoneData,
    publish_call,
    save_call,
)
from programme.services.loading import Loaded, load_cities, load_reference_data
from programme.services.members import (
    accept_invitation,
    change_role,
    close_account,
    invite_member,
    remove_member,
    resend_invitation,
    revoke_invitation,
)
from programme.services.organisations import create_organisation, set_capacity
from programme.services.people import set_rights
from programme.services.published import (
    load_calls,
    load_organisations,
    published_pairings,
)
from programme.services.references import next_reference

__all__ = [
    "CallData",
    "CriterionData",
    "Loaded",
    "MilestoneData",
    "accept_invitation",
    "change_role",
    "close_account",
    "create_organisation",
    "invite_member",
    "load_calls",
    "load_cities",
    "load_organisations",
    "load_reference_data",
    "next_reference",
    "publish_call",
    "published_pairings",
    "remove_member",
    "resend_invitation",
    "revoke_invitation",
    "save_call",
    "set_capacity",
    "set_rights",
]
