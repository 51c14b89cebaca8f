"""What the rules are told, and what they give."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, TypeVar

from applications.states import ApplicantKind, CommitmentVerdict, Outcome, Ruling

# Values of programme.states.OrganisationKind, named here so that this module stays pure.
MUNICIPALITY, GROUP, METROPOLITAN, REGION, OTHER = (
    "municipality",
    "group",
    "metropolitan",
    "region",
    "other",
)
# Values of programme.states.Side.
EU, PARTNER = "eu", "partner"


@dataclass(frozen=True)
class CallRules:
    """What a call asks of one side. `elsewhere` names an open call for regions, if there is one."""

    applicant_kinds: frozenset[str] = frozenset({MUNICIPALITY, GROUP, METROPOLITAN})
    countries: frozenset[str] = frozenset()
    min_population: int | None = 100_000
    strict: bool = True
    # Whether a municipality takes part in one application of the call.
    takes_part_once: bool = False
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    elsewhere: str = ""
    # Whose rules these are, and whether organisations there apply at all.
    side: str = EU
    takes_side: bool = True

    @property
    def is_for_partners(self) -> bool:
        """Whether these are the rules of the partner side."""
        return self.side == PARTNER

    @property
    def is_for_regions(self) -> bool:
        """Whether regions apply, and no cities."""
        return REGION in self.applicant_kinds and MUNICIPALITY not in self.applicant_kinds

    @property
    def asks_population(self) -> bool:
        """Whether the number of inhabitants matters."""
        return self.min_population is not None

    def as_json(self) -> dict[str, Any]:
        """Return the rules as a submission keeps them; `elsewhere` belongs to the day of asking."""
        return {
            "applicant_kinds": sorted(self.applicant_kinds),
            "countries": sorted(self.countries),
            "min_population": self.min_population,
            "strict": self.strict,
            "takes_part_once": self.takes_part_once,
            "opens_at": self.opens_at.isoformat() if self.opens_at else None,
            "closes_at": self.closes_at.isoformat() if self.closes_at else None,
            "side": self.side,
            "takes_side": self.takes_side,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any], *, elsewhere: str = "") -> "CallRules":
        """Return the rules that `as_json` kept."""
        opens_at, closes_at = kept["opens_at"], kept["closes_at"]
        return cls(
            applicant_kinds=frozenset(kept["applicant_kinds"]),
            countries=frozenset(kept["countries"]),
            min_population=kept["min_population"],
            strict=kept["strict"],
            takes_part_once=kept.get("takes_part_once", False),
            opens_at=datetime.fromisoformat(opens_at) if opens_at else None,
            closes_at=datetime.fromisoformat(closes_at) if closes_at else None,
            elsewhere=elsewhere,
            # What was sent before calls opened for a side came from Europe.
            side=kept.get("side", EU),
            takes_side=kept.get("takes_side", True),
        )


@dataclass(frozen=True)
class MemberFacts:
    """A municipality of the applicant and what it declares."""

    name: str
    country: str = ""
    country_name: str = ""
    is_lead: bool = False
    population: int | None = None
    year: int | None = None
    source: str = ""
    committed: bool = False
    # Asked to commit online, with a link that still works.
    asked: bool = False
    # Whether the commitment says in which office its signatory acts.
    office_named: bool = True
    # What staff found when they opened it: waiting, accepted, refused (CommitmentVerdict).
    verdict: str = CommitmentVerdict.ACCEPTED
    refused_for: str = ""

    @property
    def documented(self) -> bool:
        """Whether the figure can be checked: it has a source and a year."""
        return self.population is not None and bool(self.year) and bool(self.source)


@dataclass(frozen=True)
class ApplicantFacts:
    """Who applies. `sent_at` is None before sending; then `now` is judged instead."""

    organisation_kind: str = MUNICIPALITY
    kind: str = ApplicantKind.SINGLE
    members: tuple[MemberFacts, ...] = ()
    contact_name: str = ""
    contact_email: str = ""
    # Name of the contact when it has an account but is not in the organisation's team.
    contact_outside: str = ""
    # Municipalities that another sent application to the call names too: (name, reference).
    also_in: tuple[tuple[str, str], ...] = ()
    now: datetime | None = None
    sent_at: datetime | None = None
    live_pairings: int = 0
    capacity: int = 1
    exception_reason: str = ""

    @property
    def is_group(self) -> bool:
        """Whether several municipalities apply together."""
        return GROUP in (self.kind, self.organisation_kind)

    @property
    def is_region(self) -> bool:
        """Whether a region or province applies."""
        return self.organisation_kind == REGION

    @property
    def lead(self) -> MemberFacts | None:
        """The lead municipality; None when the group has lost it."""
        return next((member for member in self.members if member.is_lead), None)

    @property
    def total(self) -> int:
        """All declared figures together."""
        return sum(member.population or 0 for member in self.members)

    @property
    def is_declared(self) -> bool:
        """Whether every member has a figure, so that the total says something."""
        return bool(self.members) and all(m.population is not None for m in self.members)


@dataclass(frozen=True)
class CriterionResult:
    """What a criterion gives. `rule` is what is asked, `sentence` what was found."""

    key: str
    title: str
    rule: str
    outcome: Outcome
    sentence: str
    facts: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return the result for the record of a decision."""
        return {
            "key": str(self.key),
            "title": self.title,
            "rule": self.rule,
            "outcome": str(self.outcome),
            "sentence": self.sentence,
            "facts": self.facts,
        }


@dataclass(frozen=True)
class RulingFacts:
    """A decision of staff on a criterion."""

    ruling: str
    reason: str
    released: bool
    by: str
    at: datetime


class Ruled(Protocol):
    """A ruling, as the rules or the database have it."""

    @property
    def ruling(self) -> str:
        """Return a value of Ruling."""


R = TypeVar("R", bound=Ruled)


def newest_standing(rulings: Iterable[R]) -> R | None:
    """Return of rulings, newest first, the one that counts: each one taken back takes one along."""
    undone = 0
    for row in rulings:
        if row.ruling == Ruling.TAKEN_BACK:
            undone += 1
        elif undone:
            undone -= 1
        else:
            return row
    return None


@dataclass(frozen=True)
class JudgedCriterion:
    """A result together with what staff ruled on it, newest first."""

    result: CriterionResult
    rulings: tuple[RulingFacts, ...] = ()

    @property
    def ruling(self) -> RulingFacts | None:
        """The ruling that counts: the newest that was not taken back."""
        return newest_standing(self.rulings)

    @property
    def state(self) -> str:
        """Return "pass", "fail", "human" or "waive": the ruling, else the outcome."""
        return str(self.ruling.ruling if self.ruling else self.result.outcome)

    @property
    def is_met(self) -> bool:
        """Whether the criterion stands in nobody's way: passed or waived."""
        return self.state in (Ruling.PASS, Ruling.WAIVE)

    @property
    def is_failed(self) -> bool:
        """Whether it fails and was not waived."""
        return self.state == Ruling.FAIL

    @property
    def is_open(self) -> bool:
        """Whether a human still has to judge it."""
        return self.state == Outcome.HUMAN


def judge(
    results: Iterable[CriterionResult], rulings: dict[str, list[RulingFacts]]
) -> list[JudgedCriterion]:
    """Put each result together with its rulings (newest first)."""
    return [JudgedCriterion(result, tuple(rulings.get(str(result.key), ()))) for result in results]


def verdict(results: Iterable[CriterionResult]) -> Outcome:
    """Return the whole: fail when one fails, else human when one needs it, else pass."""
    outcomes = {result.outcome for result in results}
    if Outcome.FAIL in outcomes:
        return Outcome.FAIL
    return Outcome.HUMAN if Outcome.HUMAN in outcomes else Outcome.PASS
