"""The bar that shows a group's inhabitants beside what the call asks; sizes are SVG units."""

from dataclasses import dataclass

from applications.eligibility import ApplicantFacts, CallRules

WIDTH = 640
# Where the line of the minimum stands while the group is below it.
LINE_AT = 576
# A name fits above its part from this width on.
NAME_ROOM = 90


@dataclass(frozen=True)
class Part:
    """One municipality in the bar."""

    name: str
    x: int
    width: int
    tone: str
    # Whether its name fits above it.
    has_name: bool


@dataclass(frozen=True)
class PopBar:
    """The whole bar: parts, the end of the total, the line of the minimum."""

    parts: list[Part]
    end: int
    line: int
    minimum: int
    total: int


def popbar_of(rules: CallRules, facts: ApplicantFacts) -> PopBar | None:
    """Return the bar; None when the call sets no minimum or nothing is declared."""
    minimum = rules.min_population
    if not minimum or not facts.total:
        return None
    scale = min(LINE_AT / minimum, WIDTH / facts.total)
    parts: list[Part] = []
    x = 0
    for number, member in enumerate(facts.members):
        width = round((member.population or 0) * scale)
        if width:
            gap = 2 if width > 4 else 0  # noqa: PLR2004 - a hair between the parts
            # Nothing stands behind the last part, so its name may run on.
            is_last = member is facts.members[-1] and x < WIDTH - 2 * NAME_ROOM
            roomy = width >= NAME_ROOM or is_last
            parts.append(Part(member.name, x, width - gap, ("odd", "even")[number % 2], roomy))
        x += width
    return PopBar(parts, min(x, WIDTH), round(minimum * scale), minimum, facts.total)
