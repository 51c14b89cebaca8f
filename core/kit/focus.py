"""Which row of a list to go on with, once one came or went."""

from collections.abc import Sequence


def row_in_hand(before: Sequence[int], after: Sequence[int]) -> int | None:
    """Return the row that came, or else the neighbour of the one that went; None without any.

    `before` and `after` are the ids of the rows, in the order of the page. An address that ends
    in the id of an element gives it the focus, also without scripts.
    """
    came = [pk for pk in after if pk not in before]
    if came:
        return came[-1]
    went = [place for place, pk in enumerate(before) if pk not in after]
    if not went or not after:
        return None
    return after[min(went[0], len(after) - 1)]
