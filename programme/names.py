"""How names of places and of their authorities are compared: by what a reader takes them for."""

import re
import unicodedata
from functools import cache

from confusable_homoglyphs.confusables import confusables_data

from core.kit.text import clean_line, fold

# What readers and sorters mix up whatever the letter case: I and l, and the digits like them.
_ALIKE = str.maketrans("i10", "llo")


@cache
def _prototypes() -> dict[int, str]:
    """Return, by character, what Unicode says it is taken for.

    The data name each pair in both directions: who has several partners is their prototype, and of
    two that have only each other the smaller one is as good as the other.
    """
    found: dict[int, str] = {}
    for sign, partners in confusables_data.items():
        if len(sign) != 1 or len(partners) != 1:
            continue
        [partner] = partners
        other = partner["c"]
        if len(confusables_data[other]) > 1 or len(other) > 1:
            found[ord(sign)] = other
        else:
            found[ord(sign)] = min(sign, other)
    return found


def skeleton(name: str) -> str:
    """Return what a name is compared by: names that look alike have one skeleton.

    Accents, letter case, spaces, hyphens and apostrophes do not count, nor what nobody sees, nor
    letters of another script that look the same. It is never shown, and never stands for a name:
    two different names can have one skeleton, so it warns and does not decide. An empty name has
    an empty one; of the cases of a script other than Latin, only the same ones are alike.
    """
    signs, name = _prototypes(), clean_line(name)
    # Twice: capitals of other scripts look like Latin ones before they are folded.
    seen = unicodedata.normalize("NFKD", name).translate(signs)
    alike = fold(fold(seen).translate(signs)).translate(_ALIKE)
    kept = "".join(sign for sign in alike if unicodedata.category(sign)[0] in "LMN")
    # What is no letter at all stands for itself.
    return kept or name


# Words in a name that say only what kind of body it is, and what joins them to the name.
_KINDS_OF_BODY = (
    "city town municipality municipal metropolitan metropolis borough commune council authority "
    "ville mairie metropole communaute agglomeration stadt stadtverwaltung landeshauptstadt "
    "hauptstadt hansestadt gemeente gemeinde comune citta capitale camara municipio prefeitura "
    "cidade ayuntamiento ciudad ajuntament grad obcina opcina mesto obec miasto gmina urzad kommun "
    "kommune stad kaupunki linn dimos primaria municipiul orasul obshtina kozseg varos "
    "savivaldybe pasvaldiba dome of de del della di da do du des d la le el the der und and"
)


@cache
def _skeletons_of_kinds() -> frozenset[str]:
    return frozenset(map(skeleton, _KINDS_OF_BODY.split()))


def core_skeleton(name: str) -> str:
    """Return the skeleton of a body's name without what says its kind.

    "City of Dubrovnik" and "Grad Dubrovnik" have that of "Dubrovnik". A name of such words
    alone keeps them.
    """
    words = map(skeleton, re.findall(r"[^\W_]+", clean_line(name)))
    own = [word for word in words if word not in _skeletons_of_kinds()]
    return "".join(own) or skeleton(name)
