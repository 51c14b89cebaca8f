"""How far a run is, drawn as cells, and about how long it still takes."""

from dataclasses import dataclass

from applications.bulk.models import BulkRun
from applications.bulk.selectors import RunNumbers
from core.kit import days

# So many cells are drawn at most: of a longer run each stands for several applications.
CELLS = 40
WIDTH, GAP = 16, 4
# Below so many nobody can tell how fast it goes.
ENOUGH_TO_TELL = 3


@dataclass(frozen=True)
class Cell:
    """A square of the bar: `kind` is done, left, undone, now or waiting."""

    x: int
    kind: str


def cells_of(states: list[str], *, is_working: bool) -> list[Cell]:
    """Return the bar of the rows' states, in the order of doing.

    Where one stands for several, it shows what needs a look first, then what waits.
    """
    number = min(len(states), CELLS)
    cells = []
    for place in range(number):
        first, last = (len(states) * one // number for one in (place, place + 1))
        held = set(states[first:last])
        kind = next(one for one in ("left", "waiting", "undone", "done") if one in held)
        cells.append(Cell(place * (WIDTH + GAP), kind))
    if is_working:
        for place, cell in enumerate(cells):
            if cell.kind == "waiting":
                cells[place] = Cell(cell.x, "now")
                break
    return cells


def width_of(cells: list[Cell]) -> int:
    """Return how wide the bar is in its own units."""
    return max(len(cells) * (WIDTH + GAP) - GAP, WIDTH)


def seconds_left(run: BulkRun, numbers: RunNumbers) -> int | None:
    """Return about how many seconds a run still needs; None while nobody can tell."""
    job = run.job
    if job is None or job.started_at is None or job.done < ENOUGH_TO_TELL:
        return None
    taken = (days.now() - job.started_at).total_seconds()
    return max(1, round(taken / job.done * numbers.waiting))
