"""How large the portal is that is measured."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """Rows of each kind. The 55 pairings of the smallest are the programme's own."""

    name: str
    applications: int
    pairings: int
    mails: int
    # Measures of one plan: no real plan has more.
    measures: int
    # Dates that cities owe something by, for the sweep of reminders.
    duties: int


SIZES = (
    Size("small", applications=2_000, pairings=55, mails=1_000, measures=30, duties=1_000),
    Size("medium", applications=10_000, pairings=555, mails=50_000, measures=300, duties=90_000),
    Size(
        "large", applications=100_000, pairings=5_055, mails=500_000, measures=300, duties=1_000_000
    ),
)
