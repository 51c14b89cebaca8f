"""What the workbench draws: the declared figure on a scale, and how far a check has come."""

from dataclasses import dataclass

from applications.eligibility import ApplicantFacts, CallRules
from applications.models import Municipality
from applications.selectors.checking import Numbers

# The scale in units of its drawing: where it begins and ends, and where the minimum may stand.
LEFT, RIGHT, LINE_AT = 20, 460, 240
# Nearer than this two figures would be written over each other.
WORDS_APART = 190
# Beyond so many cases dots say nothing that numbers do not.
MOST_DOTS = 184
STEP, PER_ROW, PER_NARROW_ROW = 12, 46, 23


@dataclass(frozen=True)
class Mark:
    """One figure on the scale, and on which side of it its words stand."""

    figure: int
    x: int
    y: int

    @property
    def anchor(self) -> str:
        """Return where the words hang so that they stay within the drawing."""
        if self.x < LEFT + STEP * 6:
            return "start"
        return "end" if self.x > RIGHT - STEP * 6 else "middle"


@dataclass(frozen=True)
class PopScale:
    """The declared figure beside the reference hint and what the call asks for."""

    declared: Mark
    minimum: Mark
    hint: Mark | None


def scale_of(
    rules: CallRules, facts: ApplicantFacts, members: list[Municipality]
) -> PopScale | None:
    """Return the scale; None where no number is asked for or none is declared.

    The hint adds up what the register has, be it of some of the members only.
    """
    minimum, declared = rules.min_population, facts.total
    if not minimum or not declared:
        return None
    known = [row.city.reference_population for row in members if row.city]
    hint = sum(figure for figure in known if figure)
    most = max(declared, hint, minimum)
    per_unit = min((LINE_AT - LEFT) / minimum, (RIGHT - LEFT) / most)

    def at(figure: int) -> int:
        return LEFT + round(figure * per_unit)

    is_near = abs(at(hint) - at(declared)) < WORDS_APART
    return PopScale(
        Mark(declared, at(declared), 18),
        Mark(minimum, at(minimum), 92),
        Mark(hint, at(hint), 36 if is_near else 18) if hint else None,
    )


@dataclass(frozen=True)
class Dot:
    """One case in the drawing: how it stands, and where."""

    kind: str
    x: int
    y: int


@dataclass(frozen=True)
class Dots:
    """All cases of a queue as dots, for one width."""

    rows: list[Dot]
    width: int
    height: int


def dots_of(numbers: Numbers, *, is_open: bool, per_row: int = PER_ROW) -> Dots | None:
    """Return the cases as dots; None where there are none, or too many to draw."""
    if not 0 < numbers.total <= MOST_DOTS:
        return None
    now = min(int(is_open), numbers.waiting)
    kinds = (
        *["done"] * numbers.passed,
        *["fail"] * numbers.failed,
        *["ask"] * (numbers.asked + numbers.second),
        *["now"] * now,
        *["open"] * (numbers.waiting - now),
    )
    dots = [
        Dot(kind, STEP // 2 + STEP * (place % per_row), STEP // 2 + STEP * (place // per_row))
        for place, kind in enumerate(kinds)
    ]
    return Dots(dots, STEP * per_row, STEP * -(-len(dots) // per_row))
