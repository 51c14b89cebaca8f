"""`python -m benchmarks.history`: what was paired then, beside what the engine would propose.

Writes docs/history-rerun.md from the published pairings alone; nothing in it is measured, so it is
the same on every machine.
"""

from dataclasses import dataclass
from pathlib import Path

from benchmarks.real_pairings import build, read
from pairings.matching.engine import Session, read_instance

TARGET = Path(__file__).parent.parent / "docs" / "history-rerun.md"
# The cities that the call of 2017 named (programme/calls/services/published.py). The public list
# gives no years: who is paired with one of these is taken for 2017, all others for 2018.
NAMED_2017 = {"Chongqing", "Shantou", "Zhengzhou", "Jingyue", "Longyan"}
# What the public list does not tell counts for nobody.
BOTH = {"themes": 30.0, "size": 10.0}
WAYS: dict[str, dict[str, float]] = {
    "topics as published, size": BOTH,
    "main topics, size": BOTH,
    "size alone": {"size": 10.0},
}
# Lines of a table before its first row.
HEAD = 2
SHOWN = "main topics, size"


@dataclass(frozen=True)
class Rerun:
    """One year again: the pairs decided then, those proposed, and all scores."""

    year: int
    session: Session
    decided: set[tuple[str, str]]

    @property
    def proposed(self) -> set[tuple[str, str]]:
        """The pairs of the best match."""
        return {(pair.left, pair.right) for pair in self.session.solve().pairs}

    def score(self, pair: tuple[str, str]) -> int:
        """Return the score of a pair."""
        return self.session.table.score_of(*self.session.indexes(*pair))

    def total(self, pairs: set[tuple[str, str]]) -> int:
        """Return the sum of the scores of pairs."""
        return sum(self.score(pair) for pair in pairs)


def rerun(year: int, way: str) -> Rerun:
    """Solve one year in one of WAYS."""
    rows = [
        row
        for row in read("pairings.csv")
        if (row["partner_city"] in NAMED_2017) == (year == 2017)  # noqa: PLR2004 - the year
    ]
    data = build(rows)
    if way == SHOWN:
        main = {row["topic"]: row["main_topics"].split(";") for row in read("topics.csv")}
        for city in (*data["left"], *data["right"]):
            city["topics"] = sorted({one for topic in city["topics"] for one in main[topic]})
    session = Session(read_instance({**data, "weights": WAYS[way]}))
    return Rerun(year, session, {(row["eu_city"], row["partner_city"]) for row in rows})


def by_chance(again: Rerun) -> float:
    """Return how many of the decided pairs a match drawn blindly would hold, on average."""
    instance = again.session.instance
    places = [{city.id: city.capacity for city in side} for side in (instance.left, instance.right)]
    hits = sum(places[0][left] * places[1][right] for left, right in again.decided)
    return hits / sum(places[0].values())


def summary_row(again: Rerun, told: str) -> str:
    """Return one line of the first table."""
    same = len(again.decided & again.proposed)
    decided, proposed = again.total(again.decided), again.total(again.proposed)
    return (
        f"| {again.year} | {told} | {len(again.decided)} | {same} | {by_chance(again):.1f} | "
        f"{decided:,} | {proposed:,} | {proposed - decided:,} |"
    )


def differences(again: Rerun) -> str:
    """Return the table of the European cities for which the engine proposes another partner."""
    rows = ["| European city | decided then | score | the engine proposes | score |"]
    rows.append("|---|---|---|---|---|")
    then, now = ({pair[0]: [] for pair in again.decided} for _ in range(2))
    for found, pairs in ((then, again.decided), (now, again.proposed)):
        for pair in sorted(pairs):
            found.setdefault(pair[0], []).append(pair)
    for city in sorted(then):
        gone = [pair for pair in then[city] if pair not in again.proposed]
        come = [pair for pair in now.get(city, []) if pair not in again.decided]
        if gone or come:
            rows.append(f"| {city} | {_named(again, gone)} | {_named(again, come)} |")
    return "\n".join(rows) if len(rows) > HEAD else "All pairs are the same."


def _named(again: Rerun, pairs: list[tuple[str, str]]) -> str:
    names = ", ".join(pair[1] for pair in pairs) or "nobody"
    scores = ", ".join(f"{again.score(pair):,}" for pair in pairs) or "–"
    return f"{names} | {scores}"


def page() -> str:
    """Return the page."""
    table, parts = [], []
    for year in (2017, 2018):
        for way in WAYS:
            again = rerun(year, way)
            assert again.session.solve().optimal  # noqa: S101 - the page says so
            table.append(summary_row(again, way))
            if way == SHOWN:
                parts.append(f"## {year}\n\n{differences(again)}")
    return PAGE.format(table="\n".join(table), years="\n\n".join(parts))


PAGE = """# The pairings of 2017 and 2018, run again

Written by `python -m benchmarks.history` from the 55 published pairings
(`programme/data/pairings.csv`).
The engine is given the cities that were paired, each with as many places as it had pairings, and
not who was paired with whom. Every match it proposes is proved to be the best by its own scores.
By chance: how many of the decided pairs a blind draw would hit on average.

| year | told | pairs | the same | by chance | score then | score proposed | difference |
|---|---|---|---|---|---|---|---|
{table}

## Why this proves little

- **It is circular.** All that is on record of a city's topics is what its pairing was published
  with: both partners carry the same list, so the pair decided then shares all of it. A recommender
  that reads those lists must find most of them again; that it does shows no more than that it
  reads. Main topics (what the portal's profiles choose from) are coarser and change nothing of it.
  Without the topics, on size alone, no more pairs are the same than by chance.
- **Only those chosen are known.** Who applied and was not paired, what cities asked for and
  offered, their languages, wishes and refusals are not public. Those terms count nothing here:
  shared themes weigh 30, similar size 10.
- **Years are ours.** The public list has none. A partner city that the call of 2017 named makes a
  pairing one of 2017; all others are taken for 2018, later ones included.
- **Populations are undated** reference figures of settlements, some of them missing.
- **Rules are not known.** Whether a country had a limit, or a city had refused, is not on record.
- **A higher score is no better pairing.** It is higher by the engine's own measure, which nobody
  used then. What became of the pairings says nothing about those that were not made.

Below: every European city for which the engine proposes another partner, told main topics and
size. Pairs that are the same are left out.

{years}
"""


if __name__ == "__main__":
    TARGET.write_text(page(), encoding="utf-8")
    print(f"Written to {TARGET.relative_to(TARGET.parent.parent)}.")
