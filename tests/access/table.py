"""Who gets what at which address: one row for each URL name, checked by test_access.py.

A row names the roles that a method opens for; all others get 404 (or sign-in), unless it says
otherwise. `at` names the object: see tests/access/world.py for what there is.
"""

from tests.access.expect import HIDDEN, ROLES, Row, everyone, no_method, only, signed_in, staff
from tests.factories.pairings import PairingFactory, PublishedPairingFactory

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
APPLICATIONS: list[Row] = []

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
