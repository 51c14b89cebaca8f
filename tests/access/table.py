"""Who gets what at which address: one row for each URL name, checked by test_access.py.

A row names the roles that a method opens for; all others get 404 (or sign-in), unless it says
otherwise. `at` names the object: see tests/access/world.py for what there is.
"""

import datetime as dt

from django.utils import timezone

from applications.assessment.models import Agreed
from applications.models import Application, Municipality, Stakeholder
from core.duties.catalogue import key_of
from iuc_portal.colleagues.models import FirstSteps, Practice, StaffInvitation
from programme.calls.services import next_reference
from programme.organisations.models import Neighbours, OrganisationName, Split, hash_of
from programme.organisations.services import merge_organisations
from questionnaires.services import create_draft_version
from questionnaires.states import Purpose
from tests.access.casework import CASEWORK
from tests.access.deciding import DECIDING
from tests.access.expect import (
    ANONYMOUS,
    FORBIDDEN,
    HIDDEN,
    NEW_ROLE,
    OPEN,
    ROLES,
    SIGNED_IN,
    Row,
    everyone,
    no_method,
    only,
    signed_in,
    staff,
)
from tests.factories.action_plans import MeasureFactory, ObjectiveFactory, PlanFactory
from tests.factories.applications import (
    ANSWERED,
    AcceptedApplicationFactory,
    ApplicationDocumentFactory,
    ApplicationFactory,
    AssignmentFactory,
    ClarificationFactory,
    CommitmentFactory,
    ConflictFactory,
    EligibleApplicationFactory,
    GroupApplicationFactory,
    InterestFactory,
    InvitedInterestFactory,
    LeadOfferFactory,
    MessageFactory,
    MunicipalityFactory,
    OnlineInvitationFactory,
    SentInterestFactory,
    StakeholderFactory,
    SubmissionFactory,
    SubmittedApplicationFactory,
    SupportLetterFactory,
    WorkingCopyFactory,
    declare,
)
from tests.factories.assessment import AssessmentPlanFactory, HandedInFactory
from tests.factories.calls import (
    CallQuestionFactory,
    ExtensionRequestFactory,
    LateCodeFactory,
)
from tests.factories.colleagues import StaffInvitationFactory
from tests.factories.files import StoredFileFactory
from tests.factories.jobs import DoneJobFactory
from tests.factories.pairings import (
    AcceptedPairingFactory,
    MilestoneFactory,
    PairingFactory,
    PublishedPairingFactory,
    RunningPairingFactory,
)
from tests.factories.post import MailTextFactory
from tests.factories.programme import (
    AssessmentCriterionFactory,
    CallFactory,
    CityFactory,
    ClaimFactory,
    ClosedCallFactory,
    MailDomainFactory,
    MembershipFactory,
    OrganisationFactory,
    PartnerCountryFactory,
    PartnerOrganisationFactory,
    TwoStageCallFactory,
)
from tests.factories.questionnaires import TemplateVersionFactory

# The portal itself ------------------------------------------------------------------
PORTAL = [
    Row("health:live", GET=everyone(), POST=no_method()),
    Row("portal:favicon", GET=everyone(), POST=no_method()),
    Row("portal:robots", GET=everyone(), POST=no_method()),
    Row("portal:components", GET=staff(), POST=no_method()),
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

# the open interface -----------------------------------------------------------------
OPEN_API = [
    Row("open_api:index", GET=everyone(), POST=no_method()),
    # The library's own; the index answers at its address.
    Row("open_api:api-root", GET=everyone(), POST=no_method()),
    Row("open_api:openapi-json", GET=everyone(), POST=no_method()),
    Row(
        "open_api:eligibility",
        at=lambda w: {"slug": w.call.slug},
        GET=everyone(),
        POST=no_method(),
        query="?kind=municipality&country=HR&population=120000",
    ),
]

# accounts ---------------------------------------------------------------------------
NOT_COORDINATOR = "desk desk_other desk_none assessor assessor_other observer"
LEADERS = only("coordinator", forbidden=NOT_COORDINATOR)

ACCOUNTS = [
    Row("accounts:after_sign_in", GET=signed_in(), POST=no_method()),
    Row("accounts:account", GET=signed_in(), POST=signed_in()),
    # Only what the person sent before signing in.
    Row("accounts:unsent", GET=signed_in(), POST=signed_in()),
    # Without an argument: nobody can ask for another person's.
    Row("accounts:held", GET=signed_in(), POST=no_method()),
    Row(
        "trail:audit",
        GET=only(
            "coordinator observer",
            forbidden="desk desk_other desk_none assessor assessor_other",
        ),
        POST=no_method(),
    ),
]


# jobs -------------------------------------------------------------------------------
def _job(w):
    """A finished job of the coordinator."""
    return {"key": DoneJobFactory(by=w.people["coordinator"]).key}


JOBS = [
    Row("jobs:mine", GET=signed_in(), POST=no_method()),
    Row("jobs:job", at=_job, GET=only("coordinator"), POST=no_method()),
    Row("jobs:cancel", at=_job, GET=no_method(), POST=only("coordinator")),
    Row("jobs:result", at=_job, GET=only("coordinator"), POST=no_method()),
]


# colleagues -------------------------------------------------------------------------
def _colleague(_w):
    return {"pk": StaffInvitationFactory().pk}


def _somebody_invited(_w):
    StaffInvitationFactory()
    return {}


def _open_link(**values):
    """The link of an invitation to a role of staff."""

    def at(w):
        values_now = {name: value(w) for name, value in values.items()}
        token = f"colleague{StaffInvitation.objects.count()}"
        StaffInvitationFactory(token_hash=hash_of(token), **values_now)
        return {"token": token}

    return at


def _has_readings(w):
    AssignmentFactory(assessor=w.people["assessor"], application=SubmittedApplicationFactory())
    return {"pk": w.people["assessor"].pk}


# Who checks applications.
_practising = only(
    "coordinator desk desk_other desk_none", forbidden="observer assessor assessor_other"
)


def _one_step_done(w):
    FirstSteps.objects.update_or_create(
        person=w.people["coordinator"], defaults={"ticked": ["guide"]}
    )
    return {}


def _in_practice(w):
    Practice.objects.get_or_create(person=w.people["coordinator"])
    return {}


COLLEAGUES = [
    Row("colleagues:invite", GET=LEADERS, POST=LEADERS),
    Row(
        "colleagues:invitations",
        at=_somebody_invited,
        GET=LEADERS,
        POST=no_method(),
    ),
    Row("colleagues:invite_again", at=_colleague, GET=no_method(), POST=LEADERS),
    Row("colleagues:take_back", at=_colleague, GET=no_method(), POST=LEADERS),
    Row(
        "colleagues:second_factor",
        at=lambda w: {"pk": w.people["observer"].pk},
        GET=LEADERS,
        POST=LEADERS,
    ),
    Row("colleagues:hand_over", at=_has_readings, GET=LEADERS, POST=LEADERS),
    *(
        # Whoever has the link makes the account; who is signed in has one.
        Row("colleagues:join", at=_open_link(), GET=rule, POST=rule)
        for rule in [dict.fromkeys(SIGNED_IN, FORBIDDEN) | {ANONYMOUS: OPEN}]
    ),
    *(
        Row(
            "colleagues:join",
            at=_open_link(
                email=lambda w: w.people["stranger"].email, account=lambda w: w.people["stranger"]
            ),
            GET=rule,
            POST=rule,
            note="for an account",
        )
        for rule in [only("stranger", otherwise=FORBIDDEN, anonymous=OPEN)]
    ),
    Row("colleagues:first_steps", at=_one_step_done, GET=staff(), POST=no_method()),
    Row("colleagues:guide", GET=staff(), POST=no_method()),
    Row("colleagues:tick_step", at=lambda _: {"key": "guide"}, GET=no_method(), POST=staff()),
    Row("colleagues:untick_step", at=lambda _: {"key": "guide"}, GET=no_method(), POST=staff()),
    Row("colleagues:end_first_steps", GET=no_method(), POST=staff()),
    Row("colleagues:practice", at=_in_practice, GET=_practising, POST=no_method()),
    Row("colleagues:practised", at=_in_practice, GET=LEADERS, POST=no_method()),
    Row("colleagues:practice_begin", GET=no_method(), POST=_practising),
    Row("colleagues:practice_end", GET=no_method(), POST=_practising),
    Row("colleagues:practice_read", GET=no_method(), POST=_practising),
    Row(
        "colleagues:practice_desk",
        at=lambda _: {"page": "staff/eligibility/"},
        GET=_practising,
        POST=_practising,
    ),
    Row("colleagues:look", GET=LEADERS, POST=LEADERS),
    # Who does not look as anybody is led home.
    Row("colleagues:stop_looking", GET=no_method(), POST=everyone()),
]


# programme --------------------------------------------------------------------------
def _mail(w):
    """One mail of a call that staff have worded."""
    row = MailTextFactory(scope=key_of(w.call))
    return {"slug": w.call.slug, "kind": row.kind, "language": row.language}


_TEAM = only("coordinator lead", forbidden="desk desk_other observer editor viewer")
_REGISTERS = "coordinator desk desk_other"
_OFFICE = "coordinator desk desk_other desk_none observer"
# Who of staff reads a city in Europe.
_EUROPE = "coordinator desk desk_other observer"
_ASSESSORS = "assessor assessor_other"


def _member(w):
    return {"slug": w.home.slug, "pk": w.home.memberships.get(role="viewer").pk}


def _invitation(w):
    return {"slug": w.home.slug, "pk": w.home.invitations.get().pk}


def _home(w):
    return {"slug": w.home.slug}


def _with_domain(w):
    MailDomainFactory(organisation=w.home)
    return _home(w)


def _partner(w):
    return {"slug": w.partner.slug}


_ASKERS = only("lead editor viewer partner_lead stranger", otherwise=FORBIDDEN)
# A desk reads cities in Europe; in which of them somebody speaks for whom is not its to say.
_CONFIRMS = only("coordinator", forbidden=f"desk desk_other observer {_ASSESSORS}")


# Whoever is signed in, in a role that some rule names.
_known = only(" ".join(role for role in SIGNED_IN if role != NEW_ROLE), forbidden=NEW_ROLE)


def _answered_question(w):
    question = CallQuestionFactory(call=w.call, answered=True)
    return {"slug": w.call.slug, "pk": question.pk}


def _alike(w):
    """Another record of the country of the home city."""
    return OrganisationFactory(country=w.home.country, side=w.home.side)


def _home_with_a_neighbour(w):
    one, other = sorted((w.home, _alike(w)), key=lambda row: row.pk)
    Neighbours.objects.create(one=one, other=other)
    return _home(w)


def _name(w):
    """The newest name of the home city."""
    first = {"organisation": w.home, "bearer_id": w.home.pk}
    OrganisationName.objects.get_or_create(**first, from_day=None, defaults={"name": "Once"})
    row, _made = OrganisationName.objects.get_or_create(
        **first, from_day=dt.date(2020, 5, 3), defaults={"name": w.home.name}
    )
    return _home(w) | {"pk": row.pk}


def _home_with_a_name(w):
    _name(w)
    return _home(w)


def _home_with_a_merge(w):
    """A row that was merged into the home city, and nothing came along."""
    gone = _alike(w)
    merge_organisations(
        stays=w.home, goes=gone, picks={}, reason="One.", by=w.people["coordinator"]
    )
    return _home(w) | {"pk": w.home.formers.standing().first().pk}


def _home_with_a_split(w):
    """Another row that had been split from the home city."""
    split = Split.objects.create(
        organisation=_alike(w), out_of=w.home, kind="since", day=dt.date(2026, 5, 4)
    )
    return _home(w) | {"pk": split.pk}


def _claim(w, **values):
    """A request of the stranger to be let into the lead's organisation."""
    claim = ClaimFactory(organisation=w.home, person=w.people["stranger"], **values)
    return {"pk": claim.pk}


def _by_domain(w):
    """The stranger, whom a mail domain has let in."""
    until = timezone.now() + dt.timedelta(days=7)
    return _claim(w, state="granted", domain="city.example", object_until=until)


def _registered(_w):
    """What somebody has registered beside one of the same name, and nobody confirmed."""
    known = OrganisationFactory()
    registered = OrganisationFactory(
        name=known.name, country=known.country, standing="to_confirm", seat=CityFactory()
    )
    return {"slug": registered.slug}


PROGRAMME = [
    Row("organisations:city_search", GET=everyone(), POST=no_method()),
    *(
        Row(name, GET=rule, POST=rule)
        for name, rule in (
            (
                "organisations:new_organisation",
                only(
                    f"{_REGISTERS} lead editor viewer partner_lead stranger",
                    forbidden=f"desk_none observer auditor {_ASSESSORS}",
                ),
            ),
            ("organisations:delete_account", signed_in()),
            ("calls:staff_call_new", LEADERS),
            (
                "organisations:staff_organisation_new",
                only(_REGISTERS, forbidden=f"desk_none observer {_ASSESSORS}"),
            ),
        )
    ),
    Row(
        "organisations:team",
        at=_home,
        GET=only(f"{_EUROPE} lead editor viewer"),
        POST=no_method(),
    ),
    Row(
        "organisations:team",
        at=_partner,
        GET=only("coordinator desk observer partner_lead"),
        POST=no_method(),
        note="in India",
    ),
    Row(
        "organisations:describe",
        at=_home,
        GET=only("lead editor", forbidden=f"{_EUROPE} viewer"),
        POST=only("lead editor", forbidden=f"{_EUROPE} viewer"),
    ),
    Row("organisations:invite", at=_home, GET=no_method(), POST=_TEAM),
    Row(
        "organisations:invite",
        at=_partner,
        GET=no_method(),
        POST=only("coordinator partner_lead", forbidden="desk observer"),
        note="in India",
    ),
    Row(
        "organisations:leave",
        at=_home,
        GET=only("lead editor viewer"),
        POST=only("lead editor viewer"),
    ),
    Row("organisations:change_role", at=_member, GET=_TEAM, POST=_TEAM),
    Row("organisations:remove_member", at=_member, GET=_TEAM, POST=_TEAM),
    Row("organisations:revoke_invitation", at=_invitation, GET=_TEAM, POST=_TEAM),
    Row("organisations:resend_invitation", at=_invitation, GET=no_method(), POST=_TEAM),
    *(
        # Whoever has the link may look; only the address it was sent to may use it.
        Row(
            "organisations:invitation",
            at=lambda w: {"token": w.more["token"]},
            GET=rule,
            POST=rule,
        )
        for rule in [only("stranger", otherwise=FORBIDDEN, anonymous=OPEN)]
    ),
    Row("organisations:find", GET=_ASKERS, POST=no_method()),
    Row(
        "organisations:ask",
        at=lambda _: {"slug": OrganisationFactory().slug},
        GET=_ASKERS,
        POST=_ASKERS,
    ),
    Row(
        "organisations:claim",
        at=_claim,
        GET=only("coordinator observer lead stranger"),
        POST=no_method(),
    ),
    Row(
        "organisations:claim",
        at=lambda _: {"pk": ClaimFactory(organisation=PartnerOrganisationFactory()).pk},
        GET=only("coordinator observer desk"),
        POST=no_method(),
        note="in India",
    ),
    Row(
        "organisations:claim_letter",
        at=lambda w: _claim(w, letter=StoredFileFactory()),
        GET=only("coordinator observer lead stranger"),
        POST=no_method(),
    ),
    Row(
        "organisations:grant_claim",
        at=_claim,
        GET=no_method(),
        POST=only("coordinator lead", forbidden="observer stranger"),
        data=lambda _: {"role": "viewer"},
    ),
    *(
        Row("organisations:refuse_claim", at=_claim, GET=rule, POST=rule)
        for rule in [only("coordinator lead", forbidden="observer stranger")]
    ),
    Row("organisations:withdraw_claim", at=_claim, GET=no_method(), POST=only("stranger")),
    *(
        Row("organisations:object_to_claim", at=_by_domain, GET=rule, POST=rule)
        for rule in [only("coordinator", forbidden="observer lead stranger")]
    ),
    Row(
        "organisations:staff_claims",
        GET=only(_OFFICE, forbidden=_ASSESSORS),
        POST=no_method(),
    ),
    *(
        Row(
            f"organisations:staff_organisation_{name}",
            at=_registered,
            GET=get,
            POST=_CONFIRMS,
            data=lambda w: {"of": w.home.pk},
        )
        for name, get in (("confirm", _CONFIRMS), ("refuse", _CONFIRMS), ("double", no_method()))
    ),
    *(
        Row(
            name,
            at=at,
            GET=no_method(),
            POST=only("coordinator", forbidden=f"desk desk_other observer {_ASSESSORS}"),
            data=lambda _: {"host": "city.example"},
        )
        for name, at in (
            ("organisations:add_mail_domain", _home),
            (
                "organisations:remove_mail_domain",
                lambda w: _home(w) | {"pk": MailDomainFactory(organisation=w.home).pk},
            ),
        )
    ),
    *(
        Row(
            f"organisations:staff_organisation_{name}",
            at=at,
            GET=get,
            POST=rule,
            query=query,
            data=lambda w: {"of": w.elsewhere.slug},
            note=note,
        )
        for rule in [only("coordinator", forbidden=f"desk desk_other observer {_ASSESSORS}")]
        for name, at, get, query, note in (
            ("merge", _home_with_a_neighbour, rule, "", ""),
            ("merge", _home, rule, lambda w: f"?of={_alike(w).slug}", "compared"),
            ("neighbours", _home, rule, lambda w: f"?of={_alike(w).slug}", ""),
            ("names", _home_with_a_name, rule, "", ""),
            ("split", _home, rule, "", ""),
            ("name", _name, rule, "", ""),
            ("name_back", _name, rule, "", ""),
            ("apart", _home_with_a_merge, rule, "", ""),
            ("split_back", _home_with_a_split, rule, "", ""),
            ("no_neighbours", _home, no_method(), "", ""),
        )
    ),
    Row("organisations:staff_doubles", GET=staff(forbidden=_ASSESSORS), POST=no_method()),
    Row("calls:staff_calls", GET=staff(forbidden=_ASSESSORS), POST=no_method()),
    Row(
        "calls:staff_call",
        at=lambda w: {"slug": w.call.slug},
        GET=staff(forbidden=_ASSESSORS),
        POST=LEADERS,
    ),
    Row(
        "calls:staff_call_deadline",
        at=lambda w: {"slug": w.call.slug},
        GET=LEADERS,
        POST=LEADERS,
    ),
    Row(
        "calls:staff_call_first_stage",
        at=lambda _: {"slug": TwoStageCallFactory().slug},
        GET=LEADERS,
        POST=LEADERS,
    ),
    Row(
        "calls:staff_call_copy",
        at=lambda w: {"slug": w.call.slug},
        GET=LEADERS,
        POST=LEADERS,
    ),
    Row(
        "calls:staff_mail_texts",
        at=lambda w: {"slug": w.call.slug},
        GET=LEADERS,
        POST=no_method(),
    ),
    Row("calls:staff_mail_text", at=_mail, GET=LEADERS, POST=LEADERS),
    Row("calls:staff_mail_standard", at=_mail, GET=no_method(), POST=LEADERS),
    Row("calls:staff_mail_preview", at=_mail, GET=LEADERS, POST=LEADERS),
    Row("calls:staff_mail_preview_text", at=_mail, GET=LEADERS, POST=LEADERS),
    Row(
        "calls:staff_call_publish",
        at=lambda w: {"slug": w.call.slug},
        GET=LEADERS,
        POST=LEADERS,
    ),
    Row(
        "calls:questions",
        at=lambda w: {"slug": w.call.slug},
        GET=everyone(),
        POST=signed_in(),
    ),
    Row(
        "calls:follow_answers",
        at=lambda w: {"slug": w.call.slug},
        GET=no_method(),
        POST=_known,
    ),
    Row("calls:say_helped", at=_answered_question, GET=no_method(), POST=_known),
    Row(
        "calls:questions",
        at=lambda w: {"slug": _answered_question(w)["slug"]},
        GET=everyone(),
        POST=signed_in(),
        note="answered",
    ),
    Row(
        "calls:alike_questions",
        at=lambda w: {"slug": w.call.slug},
        GET=signed_in(),
        POST=no_method(),
    ),
    Row("calls:staff_questions", GET=staff(forbidden=_ASSESSORS), POST=no_method()),
    Row(
        "calls:staff_question",
        at=lambda w: {"pk": CallQuestionFactory(call=w.call).pk},
        GET=staff(forbidden=_ASSESSORS),
        POST=LEADERS,
    ),
    Row(
        "calls:staff_question_close",
        at=lambda w: {"pk": CallQuestionFactory(call=w.call).pk},
        GET=LEADERS,
        POST=LEADERS,
    ),
    Row(
        "calls:staff_simulator",
        at=lambda w: {"slug": w.call.slug},
        GET=staff(forbidden=_ASSESSORS),
        POST=no_method(),
    ),
    Row("calls:staff_closings", at=lambda w: {"slug": w.call.slug}, GET=LEADERS, POST=no_method()),
    Row(
        "calls:staff_late_code_new",
        at=lambda w: {"slug": w.call.slug},
        GET=LEADERS,
        POST=LEADERS,
    ),
    Row(
        "calls:staff_late_code_revoke",
        at=lambda w: {"pk": LateCodeFactory(call=w.call, organisation=w.home).pk},
        GET=LEADERS,
        POST=LEADERS,
    ),
    Row(
        "calls:staff_extension",
        at=lambda w: {"pk": ExtensionRequestFactory(call=w.call, organisation=w.home).pk},
        GET=LEADERS,
        POST=LEADERS,
    ),
    Row("organisations:staff_people", GET=LEADERS, POST=no_method()),
    *(
        Row(
            name,
            at=lambda w: {"pk": w.people["viewer"].pk},
            GET=get,
            POST=LEADERS,
        )
        for name, get in (
            ("organisations:staff_person", LEADERS),
            ("organisations:staff_person_deactivate", LEADERS),
            ("organisations:staff_person_reactivate", no_method()),
        )
    ),
    Row(
        "organisations:staff_organisations",
        GET=only(_OFFICE, forbidden=_ASSESSORS),
        POST=no_method(),
    ),
    Row(
        "organisations:staff_organisation",
        at=_with_domain,
        GET=only(_EUROPE, forbidden=_ASSESSORS),
        POST=no_method(),
    ),
    Row(
        "organisations:staff_organisation",
        at=_partner,
        GET=only("coordinator desk observer", forbidden=_ASSESSORS),
        POST=no_method(),
        note="in India",
    ),
    *(
        Row(
            f"organisations:staff_organisation_{name}",
            at=_home,
            GET=no_method(),
            POST=only("coordinator", forbidden=f"desk desk_other observer {_ASSESSORS}"),
        )
        for name in ("capacity", "lead")
    ),
]

# questionnaires ---------------------------------------------------------------------


def _draft_version(_world):
    return create_draft_version(template=TemplateVersionFactory().template, by=None)


def _draft_section(w):
    return {"pk": _draft_version(w).sections.first().pk}


def _draft_question(w):
    return {"pk": _draft_version(w).sections.first().questions.first().pk}


QUESTIONNAIRES = [
    Row(
        "questionnaires:staff_templates",
        GET=staff(forbidden="assessor assessor_other"),
        POST=no_method(),
    ),
    Row(
        "questionnaires:staff_template",
        at=lambda w: {"pk": _draft_version(w).pk},
        GET=staff(forbidden="assessor assessor_other"),
        POST=no_method(),
    ),
    Row(
        "questionnaires:version_new",
        at=lambda _: {"key": TemplateVersionFactory().template.key},
        GET=no_method(),
        POST=LEADERS,
    ),
    *(
        Row(
            f"questionnaires:{name}",
            at=lambda w: {"pk": _draft_version(w).pk},
            GET=LEADERS,
            POST=LEADERS,
        )
        for name in ("version_publish", "section_new")
    ),
    *(
        Row(f"questionnaires:{name}", at=_draft_section, GET=LEADERS, POST=LEADERS)
        for name in ("section_edit", "section_remove", "question_new")
    ),
    *(
        Row(f"questionnaires:{name}", at=_draft_question, GET=LEADERS, POST=LEADERS)
        for name in ("question_edit", "question_remove")
    ),
    Row("questionnaires:section_move", at=_draft_section, GET=no_method(), POST=LEADERS),
    Row("questionnaires:question_move", at=_draft_question, GET=no_method(), POST=LEADERS),
    Row(
        "questionnaires:call_questionnaires",
        at=lambda w: {"slug": w.call.slug},
        GET=LEADERS,
        POST=LEADERS,
    ),
]


# applications -----------------------------------------------------------------------
def _draft(w):
    """A draft of the lead's organisation."""
    return {"key": ApplicationFactory(organisation=w.home).key}


def _copy(w):
    """A working copy of what the lead's organisation has sent."""
    application = SubmittedApplicationFactory(organisation=w.home)
    return {"key": WorkingCopyFactory(revises=application).key}


def _second_version(w):
    """What the lead's organisation has sent twice."""
    application = _sent(w)
    SubmissionFactory(application=application, number=2)
    return {"key": application.key, "number": 2}


def _asked(w):
    """A question on what the lead's organisation has sent, with a message."""
    asked = ClarificationFactory(application=_sent(w))
    MessageFactory(thread=asked.thread)
    return {"key": asked.application.key, "pk": asked.pk}


def _answered_with_a_file(w):
    """A file that the city sent along with its answer."""
    asked = ClarificationFactory(application=_sent(w), file=StoredFileFactory(), **ANSWERED)
    return {"key": asked.application.key, "pk": asked.pk}


def _asked_of(w):
    place = _asked(w)
    return {"reference": place["key"], "pk": place["pk"]}


def group_of_home(w):
    """The draft of a group that the home city leads, with a member whose people are here."""
    application = GroupApplicationFactory(organisation=w.home)
    other = MembershipFactory(organisation__country=w.home.country, role="lead").organisation
    MunicipalityFactory(application=application, name=other.name, country=other.country)
    return {"key": application.key}


def group_with_an_offer(w):
    """The draft of a group that the home city leads, another member of which is asked to lead."""
    application = GroupApplicationFactory(organisation=w.home)
    return {"key": LeadOfferFactory(application=application).application.key}


def offered_to_home(w):
    """What the lead of another group asks the home city to lead."""
    return {"pk": LeadOfferFactory(organisation=w.home).pk}


def draft_of_group(w):
    """A member of a group whose draft is open."""
    application = GroupApplicationFactory(organisation=w.home)
    return {
        "key": application.key,
        "pk": MunicipalityFactory(application=application).pk,
    }


def asked_to_commit(w):
    """A member of a group that has a link to commit online."""
    found = draft_of_group(w)
    municipality = Municipality.objects.get(pk=found["pk"])
    OnlineInvitationFactory(municipality=municipality, token="commit-token")
    return found


def stakeholder_of_draft(w):
    """A stakeholder of a draft, which nobody has asked for its letter."""
    county = StakeholderFactory(application__organisation=w.home)
    return {"key": county.application.key, "pk": county.pk}


def asked_to_support(w):
    """A stakeholder that has a link to write its letter."""
    found = stakeholder_of_draft(w)
    county = Stakeholder.objects.get(pk=found["pk"])
    OnlineInvitationFactory(municipality=None, stakeholder=county, token="letter-token")
    return found


def _sent(w, factory=SubmittedApplicationFactory):
    """What the lead's organisation sent, asking for India, assigned to the assessor."""
    application = factory(organisation=w.home, partner_countries=[PartnerCountryFactory()])
    AssignmentFactory(application=application, assessor=w.people["assessor"])
    return application


def _named_twice(w):
    """What was sent, and another application to the call that names its municipality too."""
    application = _sent(w)
    lead = application.municipalities.first()
    other = SubmittedApplicationFactory(call=application.call)
    MunicipalityFactory(application=other, name=lead.name, country=lead.country)
    return {"reference": application.reference}


def _sent_letter(w):
    application = _sent(w)
    letter = CommitmentFactory(municipality__application=application)
    return {"key": application.key, "pk": letter.municipality.pk}


def _letter_of_sent(w):
    application = _sent(w)
    letter = SupportLetterFactory(stakeholder__application=application)
    return {"reference": application.reference, "pk": letter.stakeholder.pk}


def draft_and_document(w):
    """A draft with one document of its call on file."""
    application = ApplicationFactory(organisation=w.home)
    document = ApplicationDocumentFactory(application=application)
    return {"key": application.key, "name": document.asked.key}


def _draft_with_document(w):
    return {"key": draft_and_document(w)["key"]}


def _sent_document(w):
    document = ApplicationDocumentFactory(application=_sent(w))
    return {"key": document.application.key, "name": document.asked.key}


def _commitment_of_sent(w):
    application = _sent(w)
    letter = CommitmentFactory(municipality__application=application)
    return {"reference": application.reference, "pk": letter.municipality.pk}


def _interest(w):
    return {"pk": InterestFactory(organisation=w.home).pk}


def _sent_interest(w):
    return {"pk": SentInterestFactory(organisation=w.home).pk}


def _first_stage(_world):
    """Return the call in two stages whose first one has questions."""
    call, purpose = TwoStageCallFactory(), Purpose.EXPRESSION
    version = TemplateVersionFactory(template__purpose=purpose)
    call.questionnaires.create(purpose=purpose, version=version)
    return {"slug": call.slug}


def _call_of_interest(w):
    return {"slug": SentInterestFactory(organisation=w.home).call.slug}


_interest_readers = only("coordinator desk desk_other observer", forbidden=_ASSESSORS)
_interest_deciders = only("coordinator", forbidden=f"desk desk_other observer {_ASSESSORS}")

_writers = only("lead editor", forbidden="viewer")
_readers = only("lead editor viewer")
_leads = only("lead", forbidden="editor viewer")
_checkers = only("coordinator desk", forbidden="assessor observer")
_deciders = only("coordinator", forbidden="desk assessor observer")

APPLICATIONS = [
    Row("applications:mine", GET=signed_in(), POST=no_method()),
    Row(
        "applications:late_entry",
        at=lambda _: {"call_slug": ClosedCallFactory().slug},
        GET=signed_in(),
        POST=signed_in(),
    ),
    Row(
        "applications:start",
        at=lambda w: {"call_slug": w.call.slug},
        GET=signed_in(),
        POST=signed_in(),
    ),
    *(
        Row(
            name,
            at=lambda w: {"key": _sent(w).key},
            GET=only("lead editor viewer coordinator desk assessor observer"),
            POST=no_method(),
        )
        for name in ("applications:receipt", "applications:paper")
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
        for name in (
            *("applicant", "municipality_add", "contacts", "preferences"),
            *("profile", "profile_city"),
            *("extension", "hand_over"),
        )
    ),
    *(
        Row(f"applications:{name}", at=draft_of_group, GET=_writers, POST=_writers)
        for name in ("municipality_edit", "municipality_remove", "commitment_add")
    ),
    Row("applications:pass_on", at=group_of_home, GET=_leads, POST=_leads),
    Row(
        "applications:pass_on",
        at=group_with_an_offer,
        GET=_leads,
        POST=_leads,
        note="somebody is asked",
    ),
    Row(
        "applications:pass_on_back",
        at=group_of_home,
        GET=no_method(),
        POST=_leads,
    ),
    Row("applications:lead_offer", at=offered_to_home, GET=_readers, POST=_leads),
    Row("applications:documents", at=_draft_with_document, GET=_writers, POST=_writers),
    *(
        Row(f"applications:{name}", at=draft_and_document, GET=_writers, POST=_writers)
        for name in ("document", "document_remove")
    ),
    Row(
        "applications:document_file",
        at=_sent_document,
        GET=only("lead editor viewer coordinator desk assessor observer"),
        POST=no_method(),
    ),
    Row("applications:commitment_invite", at=draft_of_group, GET=_writers, POST=_writers),
    Row("applications:commitment_revoke", at=asked_to_commit, GET=_writers, POST=_writers),
    Row("applications:commitment_resend", at=asked_to_commit, GET=no_method(), POST=_writers),
    # Whoever has the link of the mail commits: there is no account.
    Row(
        "applications:commit",
        at=lambda w: asked_to_commit(w) and {"token": "commit-token"},
        GET=everyone(),
        POST=everyone(),
    ),
    Row(
        "applications:staff_commitment",
        at=_commitment_of_sent,
        GET=only("coordinator desk assessor observer"),
        POST=only("coordinator desk", forbidden="assessor observer"),
    ),
    Row("applications:stakeholders", at=_draft, GET=_writers, POST=_writers),
    *(
        Row(f"applications:{name}", at=stakeholder_of_draft, GET=_writers, POST=_writers)
        for name in ("stakeholder_edit", "stakeholder_remove", "letter_add", "letter_invite")
    ),
    Row("applications:letter_revoke", at=asked_to_support, GET=_writers, POST=_writers),
    Row("applications:letter_resend", at=asked_to_support, GET=no_method(), POST=_writers),
    Row(
        "applications:letter_file",
        at=lambda w: {
            ("key" if name == "reference" else name): value
            for name, value in _letter_of_sent(w).items()
        },
        GET=only("lead editor viewer coordinator desk assessor observer"),
        POST=no_method(),
    ),
    # Whoever has the link of the mail writes: there is no account.
    Row(
        "applications:write_letter",
        at=lambda w: asked_to_support(w) and {"token": "letter-token"},
        GET=everyone(),
        POST=everyone(),
    ),
    Row(
        "applications:staff_letter",
        at=_letter_of_sent,
        GET=only("coordinator desk assessor observer"),
        POST=no_method(),
    ),
    Row(
        "applications:clarification_file",
        at=_answered_with_a_file,
        GET=only("lead editor viewer coordinator desk assessor observer"),
        POST=no_method(),
    ),
    Row("applications:make_lead", at=draft_of_group, GET=no_method(), POST=_writers),
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
    Row("applications:profile_save", at=_draft, GET=no_method(), POST=_writers),
    Row(
        "applications:answer_history",
        at=lambda w: _draft(w) | {"section_key": "first", "question": "why"},
        GET=_writers,
        POST=no_method(),
    ),
    Row("applications:check", at=_draft, GET=_readers, POST=no_method()),
    Row(
        "applications:interest_start",
        at=lambda _: {"call_slug": TwoStageCallFactory().slug},
        GET=signed_in(),
        POST=signed_in(),
    ),
    Row("applications:interest", at=_interest, GET=_readers, POST=no_method(), note="draft"),
    Row("applications:interest", at=_sent_interest, GET=_readers, POST=no_method(), note="sent"),
    Row(
        "applications:interest_section",
        at=lambda w: _interest(w) | {"section_key": "first"},
        GET=_writers,
        POST=_writers,
    ),
    Row(
        "applications:interest_section_save",
        at=lambda w: _interest(w) | {"section_key": "first"},
        GET=no_method(),
        POST=_writers,
    ),
    Row(
        "applications:interest_history",
        at=lambda w: _interest(w) | {"section_key": "first", "question": "why"},
        GET=_writers,
        POST=no_method(),
    ),
    Row("applications:interest_check", at=_interest, GET=_readers, POST=no_method()),
    Row("applications:interest_send", at=_interest, GET=no_method(), POST=_leads),
    Row("applications:interest_sent", at=_sent_interest, GET=_readers, POST=no_method()),
    *(
        Row(
            name,
            at=_sent_interest,
            GET=only("lead editor viewer coordinator desk desk_other observer"),
            POST=no_method(),
        )
        for name in ("applications:interest_receipt", "applications:interest_paper")
    ),
    Row("applications:interest_withdraw", at=_interest, GET=_leads, POST=_leads),
    Row(
        "applications:staff_interests",
        at=_call_of_interest,
        GET=staff(forbidden=_ASSESSORS),
        POST=no_method(),
    ),
    Row(
        "applications:export_interests",
        at=_call_of_interest,
        GET=no_method(),
        POST=staff(forbidden=_ASSESSORS),
    ),
    Row(
        "applications:staff_decide_interests",
        at=_call_of_interest,
        GET=only("coordinator", forbidden=NOT_COORDINATOR),
        POST=only("coordinator", forbidden=NOT_COORDINATOR),
    ),
    Row(
        "applications:staff_interest",
        at=_sent_interest,
        GET=_interest_readers,
        POST=no_method(),
    ),
    Row(
        "applications:staff_take_back_interest",
        at=lambda w: {"pk": InvitedInterestFactory(organisation=w.home).pk},
        GET=_interest_deciders,
        POST=_interest_deciders,
    ),
    Row("applications:submit", at=_draft, GET=no_method(), POST=_leads),
    Row(
        "applications:sent",
        at=lambda w: {"key": _sent(w).key},
        GET=_readers,
        POST=no_method(),
    ),
    Row("applications:clarification", at=_asked, GET=_readers, POST=_writers),
    Row("applications:ask_back", at=_asked, GET=no_method(), POST=_writers),
    Row(
        "applications:staff_ask",
        at=lambda w: {"reference": _sent(w).reference},
        GET=_checkers,
        POST=_checkers,
    ),
    Row(
        "applications:staff_clarification",
        at=_asked_of,
        GET=only("coordinator desk assessor observer"),
        POST=no_method(),
    ),
    *(
        Row(f"applications:{name}", at=_asked_of, GET=no_method(), POST=_checkers)
        for name in ("staff_message", "staff_later", "staff_take_back")
    ),
    Row("applications:withdraw", at=_draft, GET=_leads, POST=_leads),
    Row(
        "applications:written_to",
        at=lambda w: {"key": _sent(w).key},
        GET=_leads,
        POST=_leads,
    ),
    Row(
        "applications:reopen",
        at=lambda w: {"key": _sent(w).key},
        GET=_writers,
        POST=_writers,
    ),
    Row("applications:drop", at=_copy, GET=_writers, POST=_writers),
    Row(
        "applications:versions",
        at=lambda w: {"key": _sent(w).key},
        GET=_readers,
        POST=no_method(),
    ),
    Row("applications:version", at=_second_version, GET=_readers, POST=no_method()),
    Row(
        "applications:version_paper",
        at=_second_version,
        GET=only("lead editor viewer coordinator desk assessor observer"),
        POST=no_method(),
    ),
    Row(
        "applications:trial",
        at=lambda w: {"slug": w.call.slug},
        GET=staff(forbidden=_ASSESSORS),
        POST=no_method(),
    ),
    Row(
        "applications:trial_page",
        at=lambda w: {"slug": w.call.slug, "page": "contacts/"},
        GET=staff(forbidden=_ASSESSORS),
        POST=staff(forbidden=_ASSESSORS),
    ),
    Row(
        "applications:trial_interest",
        at=_first_stage,
        GET=staff(forbidden=_ASSESSORS),
        POST=no_method(),
    ),
    Row(
        "applications:trial_interest_page",
        at=lambda w: _first_stage(w) | {"page": "sections/first/"},
        GET=staff(forbidden=_ASSESSORS),
        POST=staff(forbidden=_ASSESSORS),
    ),
    Row("applications:staff_list", GET=staff(), POST=no_method()),
    Row("applications:export", GET=no_method(), POST=staff()),
    Row(
        "applications:staff_detail",
        at=lambda w: {"reference": _sent(w).reference},
        GET=only("coordinator desk assessor observer"),
        POST=no_method(),
    ),
    Row(
        "applications:staff_why",
        at=_named_twice,
        GET=only("coordinator desk observer", forbidden="assessor"),
        POST=no_method(),
    ),
    Row(
        "applications:staff_rule",
        at=lambda w: {"reference": _sent(w).reference},
        GET=no_method(),
        POST=_checkers,
    ),
    Row(
        "applications:staff_to_check",
        GET=staff(forbidden=f"observer {_ASSESSORS}"),
        POST=no_method(),
    ),
    Row(
        "applications:staff_check",
        at=_named_twice,
        GET=_checkers,
        POST=no_method(),
    ),
    Row(
        "applications:staff_judge",
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
        "applications:staff_assign",
        at=lambda w: {"reference": _sent(w).reference},
        GET=no_method(),
        POST=_deciders,
    ),
]

# assessment -------------------------------------------------------------------------
_desks = "desk desk_other desk_none"
_office = f"coordinator {_desks} observer"
_assessors = only("assessor assessor_other", forbidden=_office)


def _scored(w):
    """What is assigned to the assessor, of a call with a criterion; its key."""
    application = _sent(w, EligibleApplicationFactory)
    criterion = AssessmentCriterionFactory(call=application.call)
    return {"reference": application.reference, "key": criterion.key}


def _to_share_out(w):
    """A call with an application that nobody reads yet, and an assessor who can."""
    call = EligibleApplicationFactory(organisation=w.home).call
    AssessmentPlanFactory(call=call)
    declare(w.people["assessor"], call)
    return {"slug": call.slug}


def _handed_in(w):
    application = _sent(w)
    row = HandedInFactory(assignment=application.assignments.get())
    return {"reference": application.reference, "pk": row.pk}


def _differing(w):
    """What the assessor and a colleague have scored far apart, with a value proposed."""
    application = _sent(w, EligibleApplicationFactory)
    criterion = AssessmentCriterionFactory(call=application.call)
    other = AssignmentFactory(application=application)
    for assignment in application.assignments.all():
        points = 5 if assignment == other else 1
        HandedInFactory(assignment=assignment, scores={criterion: points})
    Agreed.objects.create(application=application, criterion=criterion, value=3, sentence="So.")
    return {"reference": application.reference}


def _differing_call(w):
    return Application.objects.get(**_differing(w)).call.slug


ASSESSMENT = [
    Row("assessment:mine", GET=_assessors, POST=no_method()),
    Row(
        "assessment:interests",
        at=lambda w: {"slug": _sent(w).call.slug},
        GET=only("assessor", forbidden=_office),
        POST=only("assessor", forbidden=_office),
    ),
    Row(
        "assessment:link",
        at=lambda w: {"reference": _sent(w).reference},
        GET=only("coordinator desk observer assessor"),
        POST=only("coordinator desk observer assessor"),
    ),
    Row(
        "assessment:score",
        at=lambda w: {"reference": _scored(w)["reference"]},
        GET=only("assessor", forbidden="coordinator desk observer"),
        POST=no_method(),
    ),
    Row(
        "assessment:score_save",
        at=_scored,
        GET=no_method(),
        POST=only("assessor", forbidden="coordinator desk observer"),
    ),
    Row(
        "assessment:overall_save",
        at=lambda w: {"reference": _sent(w).reference},
        GET=no_method(),
        POST=only("assessor", forbidden="coordinator desk observer"),
    ),
    Row(
        "assessment:hand_in",
        at=lambda w: {"reference": _sent(w).reference},
        GET=no_method(),
        POST=only("assessor", forbidden="coordinator desk observer"),
    ),
    Row(
        "assessment:abstain",
        at=lambda w: {"reference": _sent(w).reference},
        GET=only("assessor", forbidden="coordinator desk observer"),
        POST=only("assessor", forbidden="coordinator desk observer"),
    ),
    Row("assessment:expertise", GET=_assessors, POST=_assessors),
    Row(
        "assessment:plan",
        at=lambda w: {"slug": w.call.slug},
        GET=staff(forbidden="assessor assessor_other"),
        POST=only("coordinator", forbidden=f"{_desks} observer assessor assessor_other"),
    ),
    *(
        Row(
            f"assessment:{name}",
            at=lambda w: {"slug": AssessmentPlanFactory(call=w.call).call.slug},
            GET=only("coordinator", forbidden=f"{_desks} observer assessor assessor_other"),
            POST=only("coordinator", forbidden=f"{_desks} observer assessor assessor_other"),
        )
        for name in ("plan_close", "plan_reopen")
    ),
    Row(
        "assessment:calibration",
        at=lambda w: {"slug": _differing_call(w)},
        GET=only("coordinator", forbidden=f"{_desks} observer assessor assessor_other"),
        POST=no_method(),
    ),
    Row(
        "assessment:assign",
        at=_to_share_out,
        GET=only("coordinator", forbidden=f"{_desks} observer assessor assessor_other"),
        POST=only("coordinator", forbidden=f"{_desks} observer assessor assessor_other"),
    ),
    Row(
        "assessment:consensus",
        at=_differing,
        GET=only("coordinator desk observer assessor"),
        POST=only("", forbidden="coordinator desk observer"),
        note="without a criterion",
    ),
    Row(
        "assessment:agree",
        at=lambda w: {"reference": _handed_in(w)["reference"]},
        GET=no_method(),
        POST=only("assessor", forbidden="coordinator desk observer"),
    ),
    Row("assessment:reopen", at=_handed_in, GET=_deciders, POST=_deciders),
    Row(
        "assessment:lift",
        at=lambda w: {"pk": ConflictFactory(application=_sent(w)).pk},
        GET=_deciders,
        POST=_deciders,
    ),
]

# pairings ---------------------------------------------------------------------------


def pairing_of(w, factory=PairingFactory):
    """What the lead's organisation has with the partner in India."""
    return factory(organisations=[w.home, w.partner])


def _proposal(w):
    return {"reference": pairing_of(w).reference}


def _proposal_of_home(w):
    pairing = pairing_of(w)
    return {"reference": pairing.reference, "member": pairing.members.first().pk}


def _agreement(w):
    return {"reference": pairing_of(w, AcceptedPairingFactory).reference}


def _agreement_of_home(w):
    pairing = pairing_of(w, AcceptedPairingFactory)
    return {"reference": pairing.reference, "member": pairing.members.first().pk}


def _milestone(w):
    milestone = MilestoneFactory(pairing=pairing_of(w, RunningPairingFactory))
    return {"reference": milestone.pairing.reference, "key": milestone.key}


def _chosen(w):
    call = CallFactory(partner_countries=[w.partner.country])
    return AcceptedApplicationFactory(call=call, organisation=w.home)


def _wishes(w):
    return {"reference": _chosen(w).reference}


def _possible_partner(w):
    return {"reference": _chosen(w).reference, "slug": w.partner.slug}


_team = only("lead editor viewer")
_party_leads = only("lead partner_lead", forbidden="editor viewer coordinator desk observer")
_pairers = only("coordinator", forbidden="desk observer")
_keepers = only("coordinator desk", forbidden="observer")

PAIRINGS = [
    Row("pairings:mine", GET=signed_in(), POST=no_method()),
    Row(
        "pairings:workspace",
        at=_proposal,
        GET=only("lead editor viewer partner_lead coordinator desk observer"),
        POST=no_method(),
    ),
    Row(
        "pairings:answer",
        at=_proposal,
        GET=only("lead editor viewer partner_lead", forbidden="coordinator desk observer"),
        POST=_party_leads,
    ),
    Row("pairings:partners", at=_wishes, GET=_team, POST=no_method()),
    Row(
        "pairings:partner",
        at=_possible_partner,
        GET=_team,
        POST=only("lead editor", forbidden="viewer"),
    ),
    Row("pairings:like_us", at=_wishes, GET=_team, POST=no_method()),
    Row(
        "pairings:questions",
        at=_proposal,
        GET=only("lead editor viewer partner_lead", forbidden="coordinator desk observer"),
        POST=only("lead editor partner_lead", forbidden="viewer coordinator desk observer"),
    ),
    Row(
        "pairings:staff_questions",
        at=_proposal_of_home,
        GET=only("coordinator desk observer"),
        POST=_keepers,
    ),
    Row("pairings:sign", at=_agreement, GET=_party_leads, POST=_party_leads),
    Row(
        "pairings:staff_list",
        GET=staff(forbidden="assessor assessor_other"),
        POST=no_method(),
    ),
    Row("pairings:staff_new", GET=LEADERS, POST=LEADERS),
    Row(
        "pairings:staff_detail",
        at=_proposal,
        GET=only("coordinator desk observer"),
        POST=no_method(),
    ),
    Row("pairings:staff_correct", at=_proposal, GET=_pairers, POST=_pairers),
    Row("pairings:staff_prolong", at=_proposal, GET=_keepers, POST=_keepers),
    Row("pairings:staff_remind", at=_proposal, GET=no_method(), POST=_keepers),
    Row("pairings:staff_cancel", at=_proposal, GET=_pairers, POST=_pairers),
    Row("pairings:staff_complete", at=_proposal, GET=_pairers, POST=_pairers),
    Row("pairings:staff_sign", at=_agreement_of_home, GET=_keepers, POST=_keepers),
    Row("pairings:staff_milestone", at=_milestone, GET=_keepers, POST=_keepers),
]

# action_plans -----------------------------------------------------------------------


def plan_of(w):
    """The plan of the lead's organisation, with an objective and a measure."""
    plan = PlanFactory(member=pairing_of(w, RunningPairingFactory).members.first())
    MeasureFactory(plan=plan, code="A1.1", objective=ObjectiveFactory(plan=plan, number=1))
    # As the service gives out the code.
    next_reference(prefix=f"plan-{plan.pk}-1")
    ObjectiveFactory(plan=plan, number=2)
    return {"reference": plan.reference}


def _section(w):
    return plan_of(w) | {"key": "first"}


_plan_readers = only("lead editor viewer partner_lead coordinator desk observer")
_plan_authors = only("lead editor", forbidden="viewer partner_lead coordinator desk observer")

ACTION_PLANS = [
    Row("action_plans:mine", GET=signed_in(), POST=no_method()),
    Row(
        "action_plans:start",
        at=lambda w: {"member": pairing_of(w, RunningPairingFactory).members.first().pk},
        GET=no_method(),
        POST=only("lead editor", forbidden="viewer"),
    ),
    *(
        Row(f"action_plans:{name}", at=plan_of, GET=_plan_readers, POST=no_method())
        for name in ("plan", "history", "timeline", "measures")
    ),
    Row("action_plans:section", at=_section, GET=_plan_readers, POST=_plan_authors),
    *(
        Row(f"action_plans:{name}", at=_section, GET=no_method(), POST=_plan_authors)
        for name in ("section_save", "section_conflict", "section_reopen")
    ),
    Row(
        "action_plans:answer_history",
        at=lambda w: _section(w) | {"question": "why"},
        GET=_plan_readers,
        POST=no_method(),
    ),
    Row("action_plans:objectives", at=plan_of, GET=_plan_readers, POST=_plan_authors),
    *(
        Row(
            f"action_plans:{name}",
            at=lambda w: plan_of(w) | {"number": 2},
            GET=_plan_authors,
            POST=_plan_authors,
        )
        for name in ("objective", "objective_remove")
    ),
    Row("action_plans:measure_new", at=plan_of, GET=_plan_authors, POST=_plan_authors),
    Row(
        "action_plans:measure",
        at=lambda w: plan_of(w) | {"code": "A1.1"},
        GET=_plan_readers,
        POST=_plan_authors,
    ),
    Row(
        "action_plans:measure_remove",
        at=lambda w: plan_of(w) | {"code": "A1.1"},
        GET=_plan_authors,
        POST=_plan_authors,
    ),
    Row(
        "action_plans:staff_list",
        GET=staff(forbidden="assessor assessor_other"),
        POST=no_method(),
    ),
]

# reminders --------------------------------------------------------------------------
REMINDERS = [
    Row("homes:workspace", GET=signed_in(), POST=no_method()),
    Row("homes:console", GET=staff(), POST=no_method()),
    Row("homes:search", GET=staff(), POST=no_method()),
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
        for name in (
            "reminders:mail_correct",
            "reminders:mail_hold",
            "reminders:mail_release",
            "reminders:mail_retry",
        )
    ),
]

TABLE = [
    *PORTAL,
    *SHOWCASE,
    *OPEN_API,
    *ACCOUNTS,
    *COLLEAGUES,
    *JOBS,
    *PROGRAMME,
    *QUESTIONNAIRES,
    *APPLICATIONS,
    *DECIDING,
    *ASSESSMENT,
    *CASEWORK,
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
