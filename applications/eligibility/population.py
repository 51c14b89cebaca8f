"""The population rule of a call: how many inhabitants are enough, and how many are missing."""

from django.utils.translation import gettext as _

from applications.eligibility.facts import CallRules
from applications.eligibility.words import number_words


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
