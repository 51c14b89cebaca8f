"""Why an application stands where it stands: all that led there, read for one page."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Q

from accounts.models import User
from applications.eligibility import JudgedCriterion, RulingFacts, judge
from applications.models import (
    Application,
    Assignment,
    Clarification,
    Decision,
    Municipality,
    Stakeholder,
    Submission,
)
from applications.selectors.clarifications import clarifications_of
from applications.selectors.facts import (
    eligibility_of,
    results_of,
    rulings_of,
    shown_to,
)
from applications.selectors.partnership import stakeholders_of
from applications.selectors.records import (
    decisions_of,
    eligibility_decision,
    standing_decision,
    submissions_of,
)
from applications.states import Ruling
from core.duties.catalogue import key_of
from core.post.models import Mail
from core.trail.models import AuditEvent
from core.trail.selectors import events_of

# What changed after it had been said once.
CORRECTIONS = (
    *("application.reopened", "application.sent_again", "application.changes_dropped"),
    *("application.handed_over", "application.lead_passed", "application.withdrawn"),
    "application.place_given_up",
    *("application.clarification_extended", "application.clarification_withdrawn"),
)
# Who came, went, or may do something else at the city; "membership.…" besides.
ROLES = ("claim.granted", "claim.granted_by_domain", "organisation.lead_lost")


@dataclass(frozen=True)
class Decided:
    """A decision, with the name of who made it even where the account is gone."""

    decision: Decision
    author: str
    # The number of the sending that it was about.
    version: int


@dataclass(frozen=True)
class Why:
    """All that led an application to where it stands, oldest first."""

    submissions: list[Submission]
    # As they stood when eligibility was decided; as they stand, before that.
    criteria: list[JudgedCriterion]
    # Those that stand, each with the title of its criterion.
    waivers: list[tuple[str, RulingFacts]]
    members: list[Municipality]
    stakeholders: list[Stakeholder]
    clarifications: list[Clarification]
    assignments: list[Assignment]
    decisions: list[Decided]
    # The one that stands; None while nothing is decided, or after a withdrawal.
    standing: Decided | None
    # To its own people; what others were told of it is not theirs.
    mails: list[Mail]
    corrections: list[AuditEvent]
    roles: list[AuditEvent]
    # The whole record, newest first.
    events: list[AuditEvent]


def why_of(application: Application, reader: User | None = None) -> Why:
    """Return all that led an application to where it stands; as many queries whatever there is.

    With a `reader` what is kept from them is not named in it.
    """
    events = list(events_of(application))
    submissions, decisions = submissions_of(application), decisions_of(application)
    clarifications = clarifications_of(application)
    criteria = _criteria(application, decisions, submissions)
    if reader is not None:
        criteria = shown_to(reader, criteria)
    decided = _with_authors(decisions, events, submissions)
    standing = standing_decision(application, decisions)
    keys = [key_of(application), *(key_of(one) for one in clarifications)]
    of_roles = Q(verb__startswith="membership.") | Q(verb__in=ROLES)
    return Why(
        submissions=submissions[::-1],
        criteria=criteria,
        waivers=[
            (item.result.title, item.ruling)
            for item in criteria
            if item.ruling and item.ruling.ruling == Ruling.WAIVE
        ],
        members=list(application.municipalities.select_related("commitment__verdict_by")),
        stakeholders=stakeholders_of(application),
        clarifications=clarifications[::-1],
        assignments=list(application.assignments.select_related("assessor", "assigned_by")),
        decisions=decided,
        standing=next((one for one in decided if one.decision == standing), None),
        mails=list(
            Mail.objects.filter(about__in=keys, owner=key_of(application.organisation)).order_by(
                "created_at", "pk"
            )
        ),
        corrections=[event for event in reversed(events) if event.verb in CORRECTIONS],
        roles=list(events_of(application.organisation).filter(of_roles))[::-1],
        events=events,
    )


def _criteria(
    application: Application, decisions: list[Decision], submissions: list[Submission]
) -> list[JudgedCriterion]:
    """Return the criteria as they stood when eligibility was last decided, with all rulings.

    A decision on what has been sent anew since was about other facts: then as they stand now.
    """
    checked = eligibility_decision(decisions)
    newest = submissions[0].pk if submissions else None
    if checked is None or not checked.record or checked.submission_id != newest:
        return eligibility_of(application)
    rulings = {
        key: [one for one in rows if one.at <= checked.at]
        for key, rows in rulings_of(application).items()
    }
    return judge(results_of(checked.record), rulings)


def _with_authors(
    decisions: list[Decision], events: list[AuditEvent], submissions: list[Submission]
) -> list[Decided]:
    """Return the decisions, oldest first, each with the name that the record gives."""
    versions = {row.pk: row.number for row in submissions}
    names = defaultdict(list)
    for event in events:
        names[event.verb].append(event.actor_name)
    decided = []
    for decision in reversed(decisions):
        # One name for each decision of this outcome, also where it is not needed.
        found = names[f"application.{decision.outcome}"]
        name = found.pop() if found else ""
        decided.append(
            Decided(decision, str(decision.by or name), versions[decision.submission_id])
        )
    return decided
