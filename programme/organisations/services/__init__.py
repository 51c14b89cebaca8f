"""Writes on organisations and their people; import them from here."""

from programme.organisations.services.apart import take_apart
from programme.organisations.services.claims import (
    ask_to_join,
    grant_claim,
    object_to_claim,
    refuse_claim,
    withdraw_claim,
)
from programme.organisations.services.describing import describe_organisation
from programme.organisations.services.domains import add_mail_domain, remove_mail_domain
from programme.organisations.services.doubles import compare_names
from programme.organisations.services.members import (
    accept_invitation,
    change_role,
    close_account,
    invite_member,
    remove_member,
    resend_invitation,
    revoke_invitation,
)
from programme.organisations.services.merging import (
    forget_neighbours,
    mark_as_neighbours,
    merge_organisations,
)
from programme.organisations.services.naming import (
    call_by_name_of_today,
    correct_name,
    rename_organisation,
    take_back_name,
)
from programme.organisations.services.organisations import (
    LikelyDoubleError,
    create_organisation,
    set_capacity,
)
from programme.organisations.services.people import (
    close_person,
    pass_on_country,
    set_rights,
    write_countries,
)
from programme.organisations.services.published import load_organisations, published_pairings
from programme.organisations.services.split_back import take_split_back
from programme.organisations.services.splitting import split_organisation
from programme.organisations.services.standing import (
    confirm_organisation,
    mark_as_double,
    refuse_organisation,
    require_confirmed,
)

__all__ = [
    "LikelyDoubleError",
    "accept_invitation",
    "add_mail_domain",
    "ask_to_join",
    "call_by_name_of_today",
    "change_role",
    "close_account",
    "close_person",
    "compare_names",
    "confirm_organisation",
    "correct_name",
    "create_organisation",
    "describe_organisation",
    "forget_neighbours",
    "grant_claim",
    "invite_member",
    "load_organisations",
    "mark_as_double",
    "mark_as_neighbours",
    "merge_organisations",
    "object_to_claim",
    "pass_on_country",
    "published_pairings",
    "refuse_claim",
    "refuse_organisation",
    "remove_mail_domain",
    "remove_member",
    "rename_organisation",
    "require_confirmed",
    "resend_invitation",
    "revoke_invitation",
    "set_capacity",
    "set_rights",
    "split_organisation",
    "take_apart",
    "take_back_name",
    "take_split_back",
    "withdraw_claim",
    "write_countries",
]
