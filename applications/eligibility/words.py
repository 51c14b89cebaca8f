"""Numbers, names, instants and the population rule in the reader's language."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.formats import date_format, number_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from applications.eligibility.facts import CallRules
from core.kit.days import BRUSSELS


def number_words(value: int) -> str:
    """Return a number with separators."""
    return number_format(value, use_l10n=True, force_grouping=True)


def names_words(names: Iterable[str]) -> str:
    """Return names as in a sentence."""
    return get_text_list(list(names), _("and"))


def instant_words(value: datetime) -> str:
    """Return an instant to the second, in Brussels time."""
    local = value.astimezone(BRUSSELS)
    return _("%(date)s, %(time)s Brussels time") % {
        "date": date_format(local, "DATE_FORMAT"),
        "time": date_format(local, "H:i:s"),
    }


def asks_for(rules: CallRules) -> str:
    """Return the population rule in words, e.g. "More than 100,000 inhabitants"."""
    if rules.min_population is None:
        return _("Any number of inhabitants")
    values = {"number": number_words(rules.min_population)}
    if rules.strict:
        return _("More than %(number)s inhabitants") % values
    return _("At least %(number)s inhabitants") % values


def exceeds(rules: CallRules, total: int) -> bool:
    """Whether a total is enough; when the rule is strict the minimum itself is not."""
    if rules.min_population is None:
        return True
    if rules.strict:
        return total > rules.min_population
    return total >= rules.min_population


def shortfall(rules: CallRules, total: int) -> int:
    """Return how many inhabitants are missing; 0 when there are enough."""
    if rules.min_population is None or exceeds(rules, total):
        return 0
    return rules.min_population + (1 if rules.strict else 0) - total
