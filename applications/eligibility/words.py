"""Numbers, names and instants in the reader's language."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.formats import number_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from applications.eligibility.facts import PARTNER
from core.kit.clocks import in_brussels


def number_words(value: int) -> str:
    """Return a number with separators."""
    return number_format(value, use_l10n=True, force_grouping=True)


def names_words(names: Iterable[str]) -> str:
    """Return names as in a sentence."""
    return get_text_list(list(names), _("and"))


def instant_words(value: datetime) -> str:
    """Return an instant to the second, in Brussels time."""
    return in_brussels(value, "H:i:s")


def doubled_words(also_in: Iterable[tuple[str, str]]) -> str:
    """Say what is named twice, and where: pairs of a municipality and an application."""
    return names_words(
        _("%(name)s is also named in %(reference)s") % {"name": name, "reference": reference}
        for name, reference in also_in
    )


def once_words(also_in: Iterable[tuple[str, str]]) -> str:
    """Say that the call's rule keeps what is named twice from being sent, and what helps."""
    return _(
        "%(where)s. This call takes a municipality in one application. Agree which one counts: "
        "take it out of yours, or ask them to change or withdraw theirs; then send yours."
    ) % {"where": doubled_words(also_in)}


def refusal_words(name: str, reason: str) -> str:
    """Return what staff found of a commitment that does not count."""
    return _("The commitment of %(name)s does not count: %(reason)s") % {
        "name": name,
        "reason": reason,
    }


def side_words(side: str) -> str:
    """Return why nobody of a side applies to a call of the other side, with where to go."""
    if side == PARTNER:
        return _(
            "Partner cities do not apply to this call: the coordination unit proposes them. "
            "Write to the unit if you want to be paired."
        )
    return _("This call is for the partner side alone. Look at the other calls.")
