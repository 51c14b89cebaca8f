"""Reads on organisations, their people and who asks to be one of them; import them from here."""

from programme.organisations.selectors.claims import (
    claims_of,
    claims_to_answer,
    claims_to_object,
    leads_of,
    mail_domain_of,
    open_claims_on,
    organisations_spelt_like,
    organisations_to_ask,
    organisations_to_confirm,
    staff_of,
    waiting_for_staff,
)
from programme.organisations.selectors.doubles import Double, likely_doubles, with_people
from programme.organisations.selectors.standing import why_unconfirmed
from programme.organisations.selectors.teams import (
    invitation_by_token,
    only_led_by,
    open_invitations,
    organisations,
    people,
    role_of,
    team_of,
)

__all__ = [
    "Double",
    "claims_of",
    "claims_to_answer",
    "claims_to_object",
    "invitation_by_token",
    "leads_of",
    "likely_doubles",
    "mail_domain_of",
    "only_led_by",
    "open_claims_on",
    "open_invitations",
    "organisations",
    "organisations_spelt_like",
    "organisations_to_ask",
    "organisations_to_confirm",
    "people",
    "role_of",
    "staff_of",
    "team_of",
    "waiting_for_staff",
    "why_unconfirmed",
    "with_people",
]
