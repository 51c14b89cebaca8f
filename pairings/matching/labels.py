"""What runs are made of, in words: the terms of a score, what was changed, what was not said."""

from collections.abc import Mapping
from typing import Any

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

TERMS = {
    "themes": gettext_lazy("Shared topics"),
    "needs_offers": gettext_lazy("Needs meet offers"),
    "setting": gettext_lazy("Same setting"),
    "size": gettext_lazy("Similar size"),
    "languages": gettext_lazy("Languages"),
    "preferences": gettext_lazy("Preferences"),
    "history": gettext_lazy("Earlier cooperation"),
    "wishes": gettext_lazy("Mutual wishes"),
}
MISSING = {
    "topics": gettext_lazy("topics"),
    "needs": gettext_lazy("what it wants to learn"),
    "offers": gettext_lazy("what it can share"),
    "population": gettext_lazy("inhabitants"),
    "languages": gettext_lazy("languages"),
    "tags": gettext_lazy("what kind of city it is"),
}
RULES = {
    "weights": gettext_lazy("weights"),
    "min_score": gettext_lazy("lowest score"),
    "min_pairs": gettext_lazy("least number of pairs"),
    "quotas": gettext_lazy("places per country"),
    "pairs_first": gettext_lazy("pairs before points"),
    "locked": gettext_lazy("locked pairs"),
    "forbidden": gettext_lazy("forbidden pairs"),
    "cities": gettext_lazy("what cities have said"),
}
# The steps of the engine in its own words, and in those of the page.
STEPS = {
    "Scoring": gettext_lazy("Scored"),
    "Solving": gettext_lazy("Solved and proved"),
    "Weighing alternatives": gettext_lazy("Explained"),
}


def say_change(change: Mapping[str, Any]) -> str:
    """Say in a line what was changed of the run before; empty for a first run."""
    said = [_("Data read anew")] if change.get("anew") else []
    numbers = {key: len(change.get(key, ())) for key in ("lock", "unlock", "forbid", "allow")}
    words = {
        "lock": ngettext("%(n)d pair locked", "%(n)d pairs locked", numbers["lock"]),
        "unlock": ngettext("%(n)d pair unlocked", "%(n)d pairs unlocked", numbers["unlock"]),
        "forbid": ngettext("%(n)d pair forbidden", "%(n)d pairs forbidden", numbers["forbid"]),
        "allow": ngettext(
            "%(n)d pair allowed again", "%(n)d pairs allowed again", numbers["allow"]
        ),
    }
    said += [words[key] % {"n": number} for key, number in numbers.items() if number]
    if weights := change.get("weights"):
        terms = [str(TERMS.get(term, term)) for term in weights]
        said.append(_("Weights: %(terms)s") % {"terms": ", ".join(terms)})
    if "min_score" in change:
        said.append(_("No pair below %(n)s points") % {"n": f"{change['min_score']:,}"})
    if "min_pairs" in change and "min_score" not in change:
        said.append(_("At least %(n)d pairs") % {"n": change["min_pairs"]})
    if "quotas" in change:
        said.append(_("Places per country"))
    if "pairs_first" in change:
        said.append(_("Pairs before points") if change["pairs_first"] else _("Points before pairs"))
    return "; ".join(said)


def say_missing(keys: list[str]) -> str:
    """Say what a city has not said."""
    return ", ".join(str(MISSING.get(key, key)) for key in keys)


def say_rules(keys: list[str]) -> str:
    """Name rules in a row, for a sentence."""
    return get_text_list([str(RULES[key]) for key in keys], _("and"))
