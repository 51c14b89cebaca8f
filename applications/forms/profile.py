"""The form of the profile: one for the whole page, with fields for each of its rows."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import ModelChoiceIterator
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from applications.forms.city import VersionedForm
from applications.models import Application, Challenge, EarlierCooperation, Profile, Wish
from applications.selectors.profile import (
    challenges_of,
    offered_countries,
    offered_topics,
    organisations_named,
    places_named,
    wishes_by_name,
)
from applications.services.profile import DOWN, REMOVE, UP, Deed, NewWish, ProfileData
from applications.states import Direction, Weight
from core.kit.fields import LineField, PopulationField, TextField, offer
from core.kit.text import clean_paragraphs, fold
from programme.models import City, Country, MainTopic
from programme.organisations.states import OrganisationKind
from programme.selectors import is_called

WORDS_LIMIT = 600
WANTED, EXCLUDED = "wanted", "excluded"
# What can be a partner, as a wish for its kind.
KINDS = [
    (kind.value, kind.label)
    for kind in (
        OrganisationKind.MUNICIPALITY,
        OrganisationKind.GROUP,
        OrganisationKind.METROPOLITAN,
    )
]


# The fields of rows into which people type texts of their own.
TYPED = {"words", "reason", "what"}
# The fields of rows that are to be added.
ADDING = (
    *("learn_topic", "share_topic"),
    *("wish_name", "wish_city", "wish_country", "wish_stance", "wish_reason"),
    *("new_partner", "new_city", "new_years", "new_what"),
)


class _ByTheme(ModelChoiceIterator):
    """The topics under their themes."""

    def __iter__(self) -> Iterator[Any]:
        yield ("", self.field.empty_label)
        for theme, topics in groupby(self.queryset, key=lambda topic: topic.theme.name):
            yield (theme, [self.choice(topic) for topic in topics])


class TopicField(forms.ModelChoiceField):
    """One of the main topics of a call."""

    iterator = _ByTheme

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            queryset=MainTopic.objects.none(),
            empty_label=_("Choose a topic"),
            required=False,
            **kwargs,
        )


class ProfileForm(VersionedForm):
    """What stands on the page. A row that came or went since the page was read is left alone."""

    population_from = PopulationField(label=_("At least"), required=False)
    population_to = PopulationField(label=_("At most"), required=False)
    kinds = forms.MultipleChoiceField(
        label=_("Kind of partner"),
        help_text=_("Choose none if any will do."),
        choices=KINDS,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    learn_topic = TopicField(label=_("Topic to learn about"))
    share_topic = TopicField(label=_("Topic to share"))
    wish_name = LineField(
        label=_("City or region"),
        help_text=_("Type the first letters and choose; or write “Kochi, India”."),
        max_length=120,
        required=False,
    )
    wish_city = forms.IntegerField(required=False, widget=forms.HiddenInput)
    wish_country = forms.ModelChoiceField(
        label=_("Or a whole country, to leave it out"),
        queryset=Country.objects.none(),
        empty_label=_("No country"),
        required=False,
    )
    wish_stance = forms.ChoiceField(
        label=_("What do you wish?"),
        choices=[(WANTED, _("Gladly with this one")), (EXCLUDED, _("Not with this one"))],
        widget=forms.RadioSelect,
        initial=WANTED,
        required=False,
    )
    wish_reason = LineField(label=_("Why"), max_length=300, required=False)
    new_partner = LineField(
        label=_("Partner"),
        help_text=_("Whoever it was: a city, a region, a network."),
        max_length=200,
        required=False,
    )
    new_city = forms.IntegerField(required=False, widget=forms.HiddenInput)
    new_years = LineField(
        label=_("Years"), help_text=_("For example 2017–2019."), max_length=60, required=False
    )
    new_what = TextField(
        label=_("What you did together"),
        max_length=WORDS_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self,
        application: Application,
        profile: Profile,
        *args: Any,
        adds: bool = True,
        **kwargs: Any,
    ) -> None:
        """Make the form of the page; without `adds`, of the rows alone that are there already."""
        kwargs["initial"] = {
            "version": profile.version,
            "population_from": profile.population_from,
            "population_to": profile.population_to,
            "kinds": profile.kinds,
        }
        super().__init__(*args, **kwargs)
        self.challenges: list[Challenge] = list(challenges_of(application))
        self.wishes: list[Wish] = list(wishes_by_name(application))
        self.cooperations: list[EarlierCooperation] = list(
            application.cooperations.select_related("city")
        )
        self.application, self.adds = application, adds
        if adds:
            self._offer(application)
        else:
            for name in ADDING:
                del self.fields[name]
        for challenge in self.challenges:
            self._ask_challenge(challenge)
        for wish in self.wishes:
            self.fields[f"reason_{wish.pk}"] = LineField(
                label=_("Why %(name)s") % {"name": wish.name},
                max_length=300,
                required=False,
                initial=wish.reason,
            )
        for cooperation in self.cooperations:
            self._ask_cooperation(cooperation)

    def _offer(self, application: Application) -> None:
        topics = offered_topics(application)
        offer(self, "learn_topic", topics)
        offer(self, "share_topic", topics)
        offer(self, "wish_country", offered_countries(application))
        for name, hidden in (("wish_name", "wish_city"), ("new_partner", "new_city")):
            self.fields[name].widget.attrs.update(
                {
                    "data-combobox": "",
                    "data-url": reverse("organisations:city_search"),
                    "data-target": self[hidden].auto_id,
                    "autocomplete": "off",
                }
            )

    def _ask_challenge(self, challenge: Challenge) -> None:
        topic = {"topic": challenge.topic.name}
        self.fields[f"weight_{challenge.pk}"] = forms.TypedChoiceField(
            label=_("How important: %(topic)s") % topic,
            choices=Weight.choices,
            coerce=int,
            empty_value=None,
            widget=forms.RadioSelect,
            required=False,
            initial=challenge.weight,
        )
        self.fields[f"words_{challenge.pk}"] = TextField(
            label=_("A few words: %(topic)s") % topic,
            help_text=_(
                "“%(phrase)s.” What exactly? Name places, numbers and people. What you write in "
                "other sections need not stand here again."
            )
            % {"phrase": _phrase(challenge)},
            max_length=WORDS_LIMIT,
            required=False,
            widget=forms.Textarea(attrs={"rows": 2}),
            initial=challenge.words,
        )

    def _ask_cooperation(self, row: EarlierCooperation) -> None:
        name = f"partner_{row.pk}"
        self.fields[name] = LineField(
            label=_("Partner"),
            max_length=200,
            # A page that was read before the row came says nothing of it.
            required=not self.is_bound or name in self.data,
            initial=row.partner,
        )
        self.fields[f"years_{row.pk}"] = LineField(
            label=_("Years"), max_length=60, required=False, initial=row.years
        )
        self.fields[f"what_{row.pk}"] = TextField(
            label=_("What you did together"),
            max_length=WORDS_LIMIT,
            required=False,
            widget=forms.Textarea(attrs={"rows": 2}),
            initial=row.words,
        )

    def clean(self) -> dict[str, Any]:
        """Find the places that were typed, for who has no script or typed on after choosing."""
        cleaned = super().clean() or {}
        self._tell_of_lost_rows()
        name, country = cleaned.get("wish_name", ""), cleaned.get("wish_country")
        if name:
            cleaned["wish_place"] = self._place(name, cleaned.get("wish_city")) or (
                organisations_named(self.application, fold(name)).first()
            )
            if cleaned["wish_place"] is None:
                self.add_error(
                    "wish_name",
                    _(
                        "No single city of this name is known. Choose it from the list as you "
                        "type, or write its country too: Kochi, India."
                    ),
                )
        elif country:
            cleaned["wish_place"] = country
        if not cleaned.get("new_partner") and (cleaned.get("new_years") or cleaned.get("new_what")):
            self.add_error("new_partner", _("Name the partner you worked with."))
        return cleaned

    def _tell_of_lost_rows(self) -> None:
        """Give back what was typed into a row that somebody has taken out meanwhile."""
        for name in self.data:
            field, _line, pk = name.partition("_")
            text = clean_paragraphs(self.data[name])
            if field in TYPED and pk.isdigit() and name not in self.fields and text:
                self.add_error(
                    None,
                    ValidationError(
                        _(
                            "A row that you were writing in was taken out meanwhile. Your text "
                            "was: “%(text)s”. Add the row again if it should stay."
                        ),
                        params={"text": text},
                    ),
                )

    @staticmethod
    def _place(typed: str, chosen: int | None) -> City | None:
        """Return the place that was chosen, or else the only one of the name."""
        city = City.objects.filter(pk=chosen or 0).select_related("country").first()
        if city and is_called(city, typed):
            return city
        found = list(places_named(typed)[:2])
        if not found and "," in typed:
            name, _comma, country = typed.rpartition(",")
            found = list(places_named(name.strip(), country.strip())[:2])
        return found[0] if len(found) == 1 else None

    def data_of(self, deed: Deed | None = None) -> ProfileData:
        """Return what `save_profile` takes."""
        cleaned = self.cleaned_data
        return ProfileData(
            population_from=cleaned["population_from"],
            population_to=cleaned["population_to"],
            kinds=tuple(cleaned["kinds"]),
            challenges={
                row.pk: self._sent(row.pk, {"weight": "weight", "words": "words"})
                for row in self.challenges
            },
            wishes={row.pk: self._sent(row.pk, {"reason": "reason"}) for row in self.wishes},
            cooperations={row.pk: self._cooperation(row) for row in self.cooperations},
            deed=deed,
            **(self._added() if self.adds else {}),
        )

    def _sent(self, pk: int, names: dict[str, str]) -> dict[str, Any]:
        """Return the values of a row that the page sent, by the names of its model."""
        return {
            name: self.cleaned_data[f"{field}_{pk}"]
            for field, name in names.items()
            if f"{field}_{pk}" in self.data and self.cleaned_data[f"{field}_{pk}"] is not None
        }

    def _cooperation(self, row: EarlierCooperation) -> dict[str, Any]:
        sent = self._sent(row.pk, {"partner": "partner", "years": "years", "what": "words"})
        if sent.get("partner", row.partner) != row.partner:
            # Another partner is another place.
            sent["city"] = self._place(sent["partner"], None)
        return sent

    def _added(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        place, partner = cleaned.get("wish_place"), cleaned["new_partner"]
        return {
            "new_topics": tuple(
                (direction, cleaned[f"{direction.value}_topic"])
                for direction in Direction
                if cleaned[f"{direction.value}_topic"]
            ),
            "new_wish": NewWish(
                place,
                is_wanted=cleaned["wish_stance"] != EXCLUDED,
                reason=cleaned["wish_reason"],
            )
            if place
            else None,
            "new_cooperation": {
                "partner": partner,
                "city": self._place(partner, cleaned["new_city"]),
                "years": cleaned["new_years"],
                "words": cleaned["new_what"],
            }
            if partner
            else None,
        }


def _phrase(challenge: Challenge) -> str:
    """Return how a city says that it wants to learn about a topic, or can share it."""
    learns = challenge.direction == Direction.LEARN
    return challenge.topic.need if learns else challenge.topic.offer


class DeedForm(forms.Form):
    """The button that was pressed beside a row: "up:challenges:12"; anything else is none."""

    do = forms.RegexField(
        rf"^({UP}|{DOWN}|{REMOVE}):(challenges|wishes|cooperations):[0-9]{{1,12}}$", required=False
    )

    @classmethod
    def deed_of(cls, data: Any) -> Deed | None:
        """Return what was pressed; None for a plain save."""
        form = cls(data)
        if not form.is_valid() or not form.cleaned_data["do"]:
            return None
        what, rows, pk = form.cleaned_data["do"].split(":")
        return Deed(what, rows, int(pk))
