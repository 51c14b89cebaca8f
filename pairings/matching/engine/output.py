"""The result of a match as JSON and as a summary for people."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from pairings.matching.engine.report import Solution
from pairings.matching.engine.session import Session

SHOWN = 12
# Of an alternative.
SAID_IF_ANY = ("reason", "at_least")


def as_json(session: Session, left_ids: Iterable[str]) -> dict[str, Any]:
    """Return the solution with the alternatives of the named left cities, ready for json.dump."""
    solution = session.solve()
    certificate = solution.certificate
    alternatives = {}
    ids = list(left_ids)
    for done, left_id in enumerate(ids, start=1):
        alternatives[left_id] = [
            {
                key: value
                for key, value in asdict(found).items()
                if key not in SAID_IF_ANY or value not in ("", None)
            }
            for found in session.alternatives(left_id)
        ]
        session.table.report("Weighing alternatives", done / len(ids))
    return {
        "pairs": [
            {
                "left": pair.left,
                "right": pair.right,
                "score": pair.score,
                "terms": session.terms(pair.left, pair.right),
                "locked": pair.locked,
            }
            for pair in solution.pairs
        ],
        "total_score": solution.total_score,
        "optimal": solution.optimal,
        "certificate": {
            "bound": certificate.bound,
            "gap": certificate.gap,
            "omitted_pairs_priced": certificate.priced,
            **({"note": certificate.note} if certificate.note else {}),
            "potentials": certificate.potentials,
        },
        "unmatched": {
            "left": [asdict(city) for city in solution.unmatched_left],
            "right": [asdict(city) for city in solution.unmatched_right],
        },
        "alternatives": alternatives,
        "blocking_pairs": [asdict(pair) for pair in solution.blocking_pairs],
        "blocking_pairs_total": solution.blocking_count,
        "worst_off": {
            side: [asdict(pair) for pair in solution.worst_off(side)] for side in ("left", "right")
        },
        "unmet": [asdict(rule) for rule in solution.unmet],
    }


def summary(session: Session) -> str:
    """Return the solution in plain text, to be read on a terminal."""
    solution = session.solve()
    lines = [
        f"{len(solution.pairs):,} pairs, total score {solution.total_score:,}.",
        proof(solution),
        "",
    ]
    width = max((len(p.left) for p in solution.pairs), default=0)
    ranked = sorted(solution.pairs, key=lambda p: (-p.score, p.left, p.right))
    for pair in ranked[:SHOWN]:
        mark = " (locked)" if pair.locked else ""
        lines.append(f"{pair.score:>7,}  {pair.left:<{width}}  {pair.right}{mark}")
    if len(ranked) > SHOWN:
        lines.append(f"         and {len(ranked) - SHOWN:,} more")
    lines += _section(
        "Lowest scores",
        [f"{p.score:>7,}  {p.left:<{width}}  {p.right}" for p in solution.worst_off()],
    )
    for side, cities in (("left", solution.unmatched_left), ("right", solution.unmatched_right)):
        lines += _section(
            f"Without a partner, {side} side: {len(cities):,}",
            [f"  {city.id}: {city.reason}" for city in cities[:SHOWN]],
        )
    lines += _section(
        f"Pairs both sides would rather have: {solution.blocking_count:,}",
        [f"{p.score:>7,}  {p.left:<{width}}  {p.right}" for p in solution.blocking_pairs[:SHOWN]],
    )
    lines += _section(
        "Rules that could not be met",
        [
            f"  {rule.reason} ({rule.rule}: {rule.reached} of {rule.wanted})"
            for rule in solution.unmet
        ],
    )
    return "\n".join(lines)


def proof(solution: Solution) -> str:
    """Return in one sentence what is proved about the total."""
    certificate = solution.certificate
    if solution.optimal:
        return (
            f"Proved optimal over all pairs: bound {certificate.bound:,}, "
            f"{certificate.priced:,} pairs outside the candidates priced, none improves it."
        )
    note = f" ({certificate.note})" if certificate.note else ""
    if certificate.gap is None:
        return f"Not proved optimal; no bound is known{note}."
    return f"Not proved optimal: at most {certificate.gap:,} points could be missing{note}."


def _section(title: str, rows: list[str]) -> list[str]:
    return ["", title, *rows] if rows else []
