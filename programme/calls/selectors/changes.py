"""What changed rules of a published call do to what hangs on it."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from core.kit.sockets import plugged
from programme.calls.models import Call
from programme.models import Country, Theme


@dataclass(frozen=True)
class DocumentData:
    """A document that a call is to ask for; an empty key makes a new one."""

    title: str
    help: str = ""
    is_required: bool = True
    key: str = ""


@dataclass(frozen=True)
class NewRules:
    """The rules of a call as they would be."""

    themes: Collection[Theme]
    partner_countries: Collection[Country]
    eligible_countries: Collection[Country]
    applicant_side: str
    applicant_kinds: Collection[str]
    min_population: int | None
    strict: bool
    takes_part_once: bool
    documents: Collection[DocumentData] = ()


@dataclass(frozen=True)
class Consequence:
    """What one change means: for how many drafts, and how many of what was sent named the same."""

    words: str
    drafts: int
    sent: int = 0


@dataclass
class RulesImpact:
    """What the changes do to drafts; what was sent is judged by the rules of its moment.

    With a `reader` it lacks what is kept from them.
    """

    reader: Any = None
    found: list[Consequence] = field(default_factory=list)

    @property
    def touches_drafts(self) -> bool:
        """Whether a city that writes must do something, or can apply no more."""
        return any(each.drafts for each in self.found)


def rules_impact(call: Call, new: NewRules, reader: Any = None) -> RulesImpact:
    """Return what the apps above say of these changes; the call is as it stands before them.

    The socket is `impact.py` with a function `add_changes` that takes the call, the NewRules and
    the RulesImpact.
    """
    impact = RulesImpact(reader)
    for module in plugged("impact"):
        if hasattr(module, "add_changes"):
            module.add_changes(call, new, impact)
    return impact
