"""The population rule of a call: how many inhabitants are enough, and how many are missing."""

from django.utils.translation import gettext as _

from applications.eligibility.facts import ApplicantFacts, CallRules
from applications.eligibility.words import names_words, number_words
from applications.states import Outcome


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


def enough_people(rules: CallRules, facts: ApplicantFacts) -> tuple[Outcome, str]:
    """Return whether the declared figures are enough, and why in a sentence."""
    if rules.min_population is None:
        return Outcome.PASS, (
            _("No number of inhabitants is asked of the partner side.")
            if rules.is_for_partners
            else _("This call sets no minimum.")
        )
    documented = sum(m.population or 0 for m in facts.members if m.documented)
    missing = [m.name for m in facts.members if m.population is None]
    # The documented figures alone decide first: nothing that is missing can undo them.
    if documented and exceeds(rules, documented):
        said = _("%(total)s declared, without %(names)s.") if missing else _("%(total)s declared.")
        return Outcome.PASS, said % {
            "total": number_words(documented),
            "names": names_words(missing),
        }
    if missing or not facts.members:
        return Outcome.HUMAN, _(
            "The number of inhabitants of %(names)s is missing. Declare it with its "
            "source and year."
        ) % {"names": names_words(missing) or _("the applicant")}
    short = shortfall(rules, facts.total)
    if short == 0:
        bare = [m.name for m in facts.members if not m.documented]
        return Outcome.HUMAN, _(
            "%(total)s declared, but the source or year of %(names)s is missing. "
            "Add them, so that the figure can be checked."
        ) % {"total": number_words(facts.total), "names": names_words(bare)}
    sentence = _("%(total)s declared, %(short)s too few.") % {
        "total": number_words(facts.total),
        "short": number_words(short),
    }
    if facts.exception_reason:
        return Outcome.FAIL, sentence + " " + _("The applicant asks for an exception.")
    exception = _("The coordination unit can make an exception: give it your reason.")
    return Outcome.FAIL, f"{sentence} {exception}"
