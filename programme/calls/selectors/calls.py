"""Reads on calls."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field

from django.db.models import OuterRef, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.kit import days
from core.kit.rows import number_of
from core.kit.sockets import plugged
from core.post.selectors import count_waiting
from programme.calls.models import Call, ExtensionRequest
from programme.calls.states import Closing, ExtensionStatus

FULL_WEIGHT = 100


@dataclass(frozen=True)
class Writer:
    """Somebody who writes for the call, and the pages (title, path) on which they do.

    `own_closing` is when the call closes for the first of their organisations, where each has a
    closing time of its own.
    """

    person: User
    pages: tuple[tuple[str, str], ...]
    own_closing: dt.datetime | None = None

    def closing(self, common: dt.datetime | None) -> dt.datetime | None:
        """Return when it closes for them while it closes at `common` for all."""
        return max(filter(None, (common, self.own_closing)), default=None)


@dataclass
class Impact:
    """What hangs on a closing time of a call: its own, or that of its first stage (`closing`).

    `about` and `kinds` say which mails name it: the keys of what they tell of and their
    templates. With a `reader` it lacks what is kept from them.
    """

    closing: Closing = Closing.CALL
    reader: User | None = None
    drafts: int = 0
    sent: int = 0
    writers: list[Writer] = field(default_factory=list)
    about: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)

    @property
    def languages(self) -> list[tuple[str, int]]:
        """Return how many writers read which language, most first."""
        return Counter(
            writer.person.get_language_display() for writer in self.writers
        ).most_common()

    @property
    def reminders(self) -> int:
        """Return how many mails that name the date have not left yet."""
        return count_waiting(about=self.about, kinds=self.kinds)


@dataclass
class Readiness:
    """How far the drafts for a closing time are: nothing missing, half written or more, less.

    With a `reader` it lacks what is kept from them.
    """

    closing: Closing = Closing.CALL
    reader: User | None = None
    ready: int = 0
    half: int = 0
    little: int = 0

    @property
    def total(self) -> int:
        """Return how many drafts there are."""
        return self.ready + self.half + self.little

    def count(self, done: int, asked: int) -> None:
        """Count a draft of which `done` of the `asked` sections lack nothing."""
        self.ready += done == asked
        self.half += asked / 2 <= done < asked
        self.little += done < asked / 2


def readiness_of(
    call: Call, closing: Closing = Closing.CALL, reader: User | None = None
) -> Readiness:
    """Return how far the drafts of a call, or of its first stage, are, as the apps above count.

    The socket is `impact.py` with a function `add_readiness` that takes the call and the
    Readiness. It reads each draft: ask it for a page that is looked at, not in a service.
    """
    found = Readiness(closing, reader)
    for module in plugged("impact"):
        if hasattr(module, "add_readiness"):
            module.add_readiness(call, found)
    return found


def impact_of(call: Call, closing: Closing = Closing.CALL, reader: User | None = None) -> Impact:
    """Return what the apps above hang on the call's closing time, or on that of its first stage.

    The socket is `impact.py` with a function `add_impact` that takes the call and the Impact.
    """
    impact = Impact(closing, reader)
    for module in plugged("impact"):
        module.add_impact(call, impact)
    return impact


def writers_of(call: Call, now: dt.datetime) -> list[User]:
    """Return who writes something for the call that can still be sent at `now`, each once."""
    stages = [Closing.CALL, *([Closing.FIRST_STAGE] if call.takes_interests(now) else [])]
    found = [writer.person for stage in stages for writer in impact_of(call, stage).writers]
    return list(dict.fromkeys(found))


@dataclass(frozen=True)
class Check:
    """One line of "Before publishing"."""

    ok: bool
    title: str | Promise
    text: str | Promise = ""
    # Part of the editor's page where it is put right.
    anchor: str = ""


def publish_checks(call: Call, *, now: dt.datetime | None = None) -> list[Check]:
    """Return what a call needs before the public may read it, in the order of the editor."""
    now = now or days.now()
    criteria = list(call.criteria.all())
    silent = [row.title for row in criteria if not row.guidance]
    first = call.interest_closes_at or call.closes_at
    dates = bool(call.opens_at and call.closes_at and call.opens_at < call.closes_at)
    return [
        Check(
            bool(call.summary and call.description),
            _("Summary and description"),
            _("They are the first thing a city reads."),
            "basics",
        ),
        Check(dates, _("Dates in order"), _("Opening, then closing."), "dates"),
        Check(
            bool(first and first > now),
            _("Closing lies ahead"),
            _("Cities need time to apply."),
            "dates",
        ),
        Check(
            bool(call.applicant_kinds) and call.eligible_countries.exists(),
            _("Who may apply"),
            _("At least one kind of applicant and one country."),
            "applicants",
        ),
        Check(
            call.partner_countries.exists(),
            _("Partner side"),
            _("At least one partner country."),
            "partners",
        ),
        Check(
            call.commitments.exists(),
            _("Commitments"),
            _("What those who are chosen promise."),
            "commitments",
        ),
        Check(
            call.milestones.exists(),
            _("Milestones"),
            _("At least one, or running pairings have no dates."),
            "milestones",
        ),
        Check(
            call.questionnaires.exists(),
            _("Questionnaires"),
            _("Questions to applicants and the template of the plan."),
            "questionnaires",
        ),
        Check(
            sum(row.weight for row in criteria) == FULL_WEIGHT,
            _("Weights add up to 100 %"),
            "",
            "assessment",
        ),
        Check(
            bool(criteria) and not silent,
            _("Guidance for every criterion"),
            ", ".join(silent),
            "assessment",
        ),
    ]


@dataclass(frozen=True)
class Part:
    """A part of the editor and whether anything is to do there."""

    anchor: str
    label: str | Promise
    ok: bool


def editor_parts(checks: list[Check]) -> list[Part]:
    """Return the parts of a call's editor, in order."""
    todo = {check.anchor for check in checks if not check.ok}
    labels = [
        ("basics", _("Basics")),
        ("dates", _("Dates")),
        ("applicants", _("Who may apply")),
        ("partners", _("Partner side")),
        ("commitments", _("Commitments")),
        ("documents", _("Documents")),
        ("milestones", _("Milestones")),
        ("assessment", _("Assessment")),
        ("questionnaires", _("Questionnaires")),
    ]
    return [Part(anchor, label, anchor not in todo) for anchor, label in labels]


def staff_calls() -> "QuerySet[Call]":
    """Return all calls with what the console's list shows, drafts first.

    `wishes` counts the cities that asked for more time and wait for a decision.
    """
    asked = ExtensionRequest.objects.filter(call=OuterRef("pk"), status=ExtensionStatus.ASKED)
    return (
        Call.objects.select_related("strand")
        .annotate(wishes=number_of(asked))
        .prefetch_related("partner_countries")
        .order_by("status", "-closes_at", "-id")
    )
