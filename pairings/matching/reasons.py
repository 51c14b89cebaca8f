"""Why two cities fit, in words: each term of their score, and a reason to begin a proposal with.

Pure: cities as the engine reads them, names as they are given. The same cities give the same words.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.text import capfirst, get_text_list
from django.utils.translation import gettext as _

from pairings.matching.engine.instance import City

# A ratio of inhabitants up to which two cities are called of similar size.
SIMILAR = 2.0
# So many terms make the first sentence: those that give most.
TOLD = 3


@dataclass(frozen=True)
class Names:
    """How what cities name by keys is called: topics and kinds of city, languages, countries."""

    topics: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    languages: Mapping[str, str] = field(default_factory=dict)
    countries: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Party:
    """A city of a pair: its name, and what the run was told of it."""

    name: str
    city: City


@dataclass(frozen=True)
class Pair:
    """Two cities, and what their words are made of."""

    left: Party
    right: Party
    names: Names

    @property
    def topics(self) -> list[str]:
        """Return the topics that both name, as a sentence says them."""
        return _said(self.left.city.topics & self.right.city.topics, self.names.topics)

    @property
    def languages(self) -> list[str]:
        """Return the languages that both work in."""
        shared = self.left.city.languages & self.right.city.languages
        return sorted(self.names.languages.get(key, key) for key in shared)

    @property
    def tags(self) -> list[str]:
        """Return what both call themselves."""
        return _said(self.left.city.tags & self.right.city.tags, self.names.tags)

    @property
    def ratio(self) -> float | None:
        """Return how many times as large the larger one is; None where one figure is missing."""
        sizes = sorted((self.left.city.population or 0, self.right.city.population or 0))
        return sizes[1] / sizes[0] if sizes[0] else None

    @property
    def met_before(self) -> bool:
        """Whether one of them names the other as an earlier partner."""
        left, right = self.left.city, self.right.city
        return right.id in left.earlier_partners or left.id in right.earlier_partners

    def helps(self, giver: Party) -> list[str]:
        """Return what one of them offers of the other's needs."""
        return _said(giver.city.offers & self._other(giver).city.needs, self.names.topics)

    def lacks(self, giver: Party) -> list[str]:
        """Return the needs of the other that one of them does not offer."""
        return _said(self._other(giver).city.needs - giver.city.offers, self.names.topics)

    def _other(self, party: Party) -> Party:
        return self.right if party == self.left else self.left


def reason_of(pair: Pair) -> str:
    """Return a first wording of the reason that both cities will read; staff write it on."""
    left, right = pair.left, pair.right
    both = {"left": left.name, "right": right.name}
    said = []
    if pair.topics:
        said.append(
            _("%(left)s and %(right)s both work on %(topics)s.")
            % (both | {"topics": _listed(pair.topics)})
        )
    for giver, taker in ((left, right), (right, left)):
        if found := pair.helps(giver):
            said.append(
                _("%(giver)s can share what it knows of %(topics)s, which %(taker)s looks for.")
                % {"giver": giver.name, "taker": taker.name, "topics": _listed(found)}
            )
    if pair.tags:
        said.append(_("Both call themselves: %(tags)s.") % {"tags": _listed(pair.tags)})
    if pair.ratio is not None and pair.ratio <= SIMILAR:
        said.append(_("The two are of similar size."))
    if pair.languages:
        said.append(_("Both work in %(languages)s.") % {"languages": _listed(pair.languages)})
    if pair.met_before:
        said.append(_("They have worked together before."))
    if not said:
        said.append(_("%(left)s and %(right)s could learn from each other.") % both)
    return " ".join(said)


def sentence_of(pair: Pair, points: Mapping[str, int]) -> str:
    """Return in a sentence what gives a pair most of its score."""
    given = sorted((term for term in points if points[term] > 0), key=lambda t: (-points[t], t))
    if not (_states_wishes(pair.left.city) or _states_wishes(pair.right.city)):
        # Who wishes for nobody is met by anybody: that says nothing of these two.
        given = [term for term in given if term != "preferences"]
    phrases = {
        "themes": _("both name %(topics)s") % {"topics": _listed(pair.topics)},
        "needs_offers": _help_in_words(pair),
        "size": _("they are of like size"),
        "languages": _("both work in %(languages)s") % {"languages": _listed(pair.languages)},
        "preferences": _("they meet what the other wished for"),
        "setting": _("they are alike: %(tags)s") % {"tags": _listed(pair.tags)},
        "history": _("they have worked together before"),
        "wishes": _("they would like each other"),
    }
    told = [str(phrases[term]) for term in given[:TOLD]]
    if not told:
        return _("Nothing that a weight counts speaks for these two.")
    return f"{capfirst('; '.join(told))}."


def _help_in_words(pair: Pair) -> str:
    if pair.helps(pair.left) and pair.helps(pair.right):
        return _("each offers part of what the other looks for")
    giver, taker = pair.left, pair.right
    if not pair.helps(giver):
        giver, taker = taker, giver
    return _("%(giver)s offers part of what %(taker)s looks for") % {
        "giver": giver.name,
        "taker": taker.name,
    }


def terms_in_words(
    pair: Pair, points: Mapping[str, int], most: Mapping[str, int]
) -> dict[str, str]:
    """Say of each term why it gives what it gives; `most` is what it could give."""
    said = {
        "themes": _("Both name %(topics)s.") % {"topics": _listed(pair.topics)}
        if pair.topics
        else _("No topic is named by both."),
        "needs_offers": _needs_in_words(pair),
        "size": _size_in_words(pair),
        "languages": _("Both work in %(languages)s.") % {"languages": _listed(pair.languages)}
        if pair.languages
        else _("No language in common is known."),
        "preferences": f"{_wish_in_words(pair, pair.left)} {_wish_in_words(pair, pair.right)}",
        "setting": _setting_in_words(pair),
        "history": _("They have worked together before.")
        if pair.met_before
        else _("No earlier cooperation is known."),
        "wishes": _mutual_in_words(points.get("wishes", 0), most.get("wishes", 0)),
    }
    return {term: said[term] for term in points}


def _needs_in_words(pair: Pair) -> str:
    left, right = pair.left, pair.right
    said = [
        _("%(giver)s offers %(topics)s, which %(taker)s needs.")
        % {"giver": giver.name, "taker": taker.name, "topics": _listed(pair.helps(giver))}
        for giver, taker in ((left, right), (right, left))
        if pair.helps(giver)
    ]
    said += [
        _("Not met: what %(taker)s needs of %(topics)s.")
        % {"taker": taker.name, "topics": _listed(pair.lacks(giver))}
        for giver, taker in ((left, right), (right, left))
        if pair.lacks(giver)
    ]
    return " ".join(said) or _("Neither has said what it needs.")


def _size_in_words(pair: Pair) -> str:
    missing = [one.name for one in (pair.left, pair.right) if not one.city.population]
    if missing:
        return _("Inhabitants are not known: %(names)s.") % {"names": _listed(missing)}
    return _("%(left)s and %(right)s inhabitants: one is %(ratio)s times as large.") % {
        "left": f"{pair.left.city.population:,}",
        "right": f"{pair.right.city.population:,}",
        "ratio": f"{pair.ratio or 1:.1f}",
    }


def _setting_in_words(pair: Pair) -> str:
    said = [_("Both: %(tags)s.") % {"tags": _listed(pair.tags)}] if pair.tags else []
    for one, other in ((pair.left, pair.right), (pair.right, pair.left)):
        if own := _said(one.city.tags - other.city.tags, pair.names.tags):
            said.append(_("Only %(name)s: %(tags)s.") % {"name": one.name, "tags": _listed(own)})
    return " ".join(said) or _("Neither has said what kind of city it is.")


def _wish_in_words(pair: Pair, party: Party) -> str:
    """Say what a city wished for, and whether the other one meets it."""
    city = party.city
    other = pair.right if party == pair.left else pair.left
    asked = []
    if city.preferred_partners:
        asked.append((_("cities by name"), other.city.id in city.preferred_partners))
    if city.preferred_countries:
        keys = sorted(city.preferred_countries)
        countries = [pair.names.countries.get(key, key) for key in keys]
        asked.append((_listed(countries, _("or")), other.city.country in city.preferred_countries))
    if city.preferred_kinds:
        kinds = _said(city.preferred_kinds, pair.names.kinds)
        asked.append((_listed(kinds, _("or")), other.city.kind in city.preferred_kinds))
    low, high = city.preferred_population
    if low is not None or high is not None:
        size = other.city.population
        fits = size is not None and (low or 0) <= size <= (high or size)
        asked.append((_("a number of inhabitants"), fits))
    if not asked:
        return _("%(name)s is content with anybody.") % {"name": party.name}
    words = [
        (_("%(what)s (met)") if is_met else _("%(what)s (not met)")) % {"what": what}
        for what, is_met in asked
    ]
    return _("%(name)s asked for %(what)s.") % {"name": party.name, "what": _listed(words)}


def _states_wishes(city: City) -> bool:
    by_size = any(bound is not None for bound in city.preferred_population)
    return bool(
        city.preferred_partners or city.preferred_countries or city.preferred_kinds or by_size
    )


def _mutual_in_words(points: int, most: int) -> str:
    if most and points >= most:
        return _("Both would like each other.")
    if points:
        return _("One would like the other, who has said nothing.")
    return _("They have not wished for each other.")


def _said(keys: Iterable[str], names: Mapping[str, str]) -> list[str]:
    """Return names as they stand inside a sentence, in the order of the alphabet."""
    return sorted((_inside(str(names.get(key, key))) for key in keys), key=str.casefold)


def _inside(name: str) -> str:
    """Return a name without its capital, unless it holds others: an abbreviation, a title."""
    return name[:1].lower() + name[1:] if name[1:].islower() else name


def _listed(words: list[str], last: str = "") -> str:
    return get_text_list(words, last or _("and"))
