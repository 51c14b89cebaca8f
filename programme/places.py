"""Names of places as people write them, brought to one form in which they are compared."""

from collections.abc import Iterable

from core.kit.text import SEARCH_LENGTH, fold, letters_of


def name_key(name: str) -> str:
    """Return the letters and digits of a name, folded: "L’Aquila" and "l aquila" are one.

    Spaces, hyphens, apostrophes and points are left out, since everybody sets them otherwise.
    The key of one name begins with the key of what somebody has typed of it so far.
    """
    return letters_of(name[:SEARCH_LENGTH])[:SEARCH_LENGTH]


def keyed_names(main: str, others: Iterable[str] = ()) -> dict[str, tuple[str, int]]:
    """Return the names of a place by their keys, each with 0 for a whole name.

    A later word of the main name comes with its number, so that "Main" finds Frankfurt am Main.
    """
    names = [(name_key(name), name, 0) for name in (main, *others)]
    words = fold(main).replace("-", " ").replace("/", " ").split()
    names += [(name_key("".join(words[at:])), main, at) for at in range(1, len(words))]
    found: dict[str, tuple[str, int]] = {}
    for key, name, word in names:
        if key:
            found.setdefault(key, (name, word))
    return found
