"""Who gets what at which address: one row for each URL name, checked by test_access.py.

A row names the roles that a method opens for; all others get 404 (or sign-in), unless it says
otherwise. `at` names the object: see tests/access/world.py for what there is.
"""

from tests.access.expect import HIDDEN, ROLES, Row, everyone, no_method, only, signed_in, staff
from tests.factories.applications import (
    ApplicationFactory,
    AssignmentFactory,
    CommitmentFactory,
    EligibleApplicationFactory,
    GroupApplicationFactory,
    MunicipalityFactory,
    SubmittedApplicationFactory,
)
from tests.factories.pairings import PairingFactory, PublishedPairingFactory
from tests.factories.programme import PartnerCountryFactory

# The portal itself ------------------------------------------------------------------
PORTAL = [
    Row("health:live", GET=everyone(), POST=no_method()),
    # 503 without a worker: tests/project/test_health.py looks at it.
]

# showcase ---------------------------------------------------------------------------
SHOWCASE = [
    *(
        Row(f"showcase:{name}", GET=everyone(), POST=no_method())
        for name in (
            "home",
            "calls",
            "pairings",
            "pairings_csv",
            "pairings_json",
            "pairings_geojson",
            "about",
            "accessibility",
            "privacy",
            "cookies",
            "contact",
        )
    ),
    *(
        Row(name, at=lambda w: {"slug": w.call.slug}, GET=everyone(), POST=no_method())
        for name in ("showcase:call", "showcase:check")
    ),
    Row(
        "showcase:pairing",
        at=lambda _: {"slug": PublishedPairingFactory().slug},
        GET=everyone(),
        POST=no_method(),
        note="published",
    ),
    Row(
        "showcase:pairing",
        at=lambda _: {"slug": PairingFactory().slug},
        GET=dict.fromkeys(ROLES, HIDDEN),
        POST=no_method(),
        note="proposed",
    ),
]

# accounts ---------------------------------------------------------------------------
ACCOUNTS: list[Row] = []

# programme --------------------------------------------------------------------------
PROGRAMME: list[Row] = []

# questionnaires ---------------------------------------------------------------------
QUESTIONNAIRES: list[Row] = []

# applications -----------------------------------------------------------------------
def _draft(w):
    """A draft of the lead's organisation."""
    return {"key": ApplicationFactory(organisation=w.home).key}


def _draft_member(w):
    """A member of a group whose draft is open."""
    application = GroupApplicationFactory(organisation=w.home)
    return {
        "key": application.key,
        "pk": MunicipalityFactory(application=application).pk,
    }


def _sent(w, factory=SubmittedApplicationFactory):
    """What the lead's organisation sent, asking for India, assigned to the assessor."""
    application = factory(
        organisation=w.home, partner_countries=[PartnerCountryFactory()]
    )
    AssignmentFactory(application=application, assessor=w.people["assessor"])
    return application


def _sent_letter(w):
    application = _sent(w)
    letter = CommitmentFactory(municipality__application=application)
    return {"key": application.key, "pk": letter.municipality.pk}


_writers = only("lead editor", forbidden="viewer")
_readers = only("lead editor viewer")
_leads = only("lead", forbidden="editor viewer")
_checkers = only("coordinator desk", forbidden="assessor observer")
_deciders = only("coordinator", forbidden="desk assessor observer")

APPLICATIONS = [
    Row("applications:mine", GET=signed_in(), POST=no_method()),
    Row(
        "applications:start",
        at=lambda w: {"call_slug": w.call.slug},
        GET=signed_in(),
        POST=signed_in(),
    ),
    Row("applications:detail", at=_draft, GET=_readers, POST=no_method(), note="draft"),
    Row(
        "applications:detail",
        at=lambda w: {"key": _sent(w).key},
        GET=_readers,
        POST=no_method(),
        note="sent",
    ),
    *(
        Row(f"applications:{name}", at=_draft, GET=_writers, POST=_writers)
        for name in ("applicant", "municipality_add", "contacts", "preferences")
    ),
    *(
        Row(f"applications:{name}", at=_draft_member, GET=_writers, POST=_writers)
        for name in ("municipality_edit", "municipality_remove", "commitment_add")
    ),
    Row("applications:make_lead", at=_draft_member, GET=no_method(), POST=_writers),
    Row(
        "applications:commitment_file",
        at=_sent_letter,
        GET=only("lead editor viewer coordinator desk assessor observer"),
        POST=no_method(),
    ),
    Row(
        "applications:section",
        at=lambda w: _draft(w) | {"section_key": "first"},
        GET=_writers,
        POST=_writers,
    ),
    Row(
        "applications:section_save",
        at=lambda w: _draft(w) | {"section_key": "first"},
        GET=no_method(),
        POST=_writers,
    ),
    Row("applications:check", at=_draft, GET=_readers, POST=no_method()),
    Row("applications:submit", at=_draft, GET=no_method(), POST=_leads),
    Row(
        "applications:sent",
        at=lambda w: {"key": _sent(w).key},
        GET=_readers,
        POST=no_method(),
    ),
    Row("applications:withdraw", at=_draft, GET=_leads, POST=_leads),
    Row("applications:staff_list", GET=staff(), POST=no_method()),
    Row("applications:export", GET=staff(), POST=no_method()),
    Row(
        "applications:staff_detail",
        at=lambda w: {"reference": _sent(w).reference},
        GET=only("coordinator desk assessor observer"),
        POST=no_method(),
    ),
    Row(
        "applications:staff_rule",
        at=lambda w: {"reference": _sent(w).reference},
        GET=no_method(),
        POST=_checkers,
    ),
    Row(
        "applications:staff_decide_eligibility",
        at=lambda w: {"reference": _sent(w).reference},
        GET=_checkers,
        POST=_checkers,
    ),
    Row(
        "applications:staff_decide",
        at=lambda w: {"reference": _sent(w, EligibleApplicationFactory).reference},
        GET=_deciders,
        POST=_deciders,
    ),
    Row(
        "applications:staff_assign",
        at=lambda w: {"reference": _sent(w).reference},
        GET=no_method(),
        POST=_deciders,
    ),
]

# pairings ---------------------------------------------------------------------------
PAIRINGS: list[Row] = []

# action_plans -----------------------------------------------------------------------
ACTION_PLANS: list[Row] = []

# reminders --------------------------------------------------------------------------
REMINDERS = [
    Row("reminders:workspace", GET=signed_in(), POST=no_method()),
    Row("reminders:console", GET=staff(), POST=no_method()),
    Row(
        "reminders:outbox",
        GET=staff(but="assessor assessor_other", forbidden="assessor assessor_other"),
        POST=no_method(),
    ),
    *(
        Row(
            name,
            at=lambda w: {"pk": w.mail.pk},
            GET=only("coordinator observer desk", forbidden="assessor assessor_other"),
            POST=no_method(),
        )
        for name in ("reminders:mail", "reminders:mail_body")
    ),
    *(
        Row(
            name,
            at=lambda w: {"pk": w.mail.pk},
            GET=only("coordinator", forbidden="observer desk assessor assessor_other"),
            POST=only("coordinator", forbidden="observer desk assessor assessor_other"),
        )
        for name in ("reminders:mail_hold", "reminders:mail_release", "reminders:mail_retry")
    ),
]

TABLE = [
    *PORTAL,
    *SHOWCASE,
    *ACCOUNTS,
    *PROGRAMME,
    *QUESTIONNAIRES,
    *APPLICATIONS,
    *PAIRINGS,
    *ACTION_PLANS,
    *REMINDERS,
]

# Addresses without a row, by the beginning of their name, each with its reason.
NOT_OURS = {
    "admin:": "Django's admin keeps its own rights and asks for is_staff.",
    "account_": "allauth's sign-in pages are for the person alone and tested there.",
    "mfa_": "allauth's second factor is for the person alone and tested there.",
    "usersessions_": "allauth's list of sessions is for the person alone and tested there.",
    "set_language": "Django's choice of language keeps a cookie and nothing else.",
    "health:ready": "For machines: 200 or 503, see tests/project/test_health.py.",
}
