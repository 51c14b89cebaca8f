"""Forms of the register's facts: names, and an organisation that becomes two."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from core.kit.fields import DayField, LineField, ReasonField
from programme.organisations.models import Membership
from programme.organisations.relations import Part
from programme.organisations.services.naming import NAME_LIMIT
from programme.organisations.services.organisations import REASON_MOST
from programme.organisations.states import OrganisationKind, Share, SplitKind

# What a field about somebody of the team begins with.
PERSON = "person_"


class NewNameForm(forms.Form):
    """A name that another one may have: why they are two is asked for once that is known."""

    differs_because = ReasonField(
        label=_("Why is it another one?"),
        help_text=_("For example: another place of this name. It stays on record."),
        max_length=REASON_MOST,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            self.drop_reason()

    def drop_reason(self) -> None:
        """Ask for no reason while nothing like it is known."""
        del self.fields["differs_because"]


class RenameForm(NewNameForm):
    """What an organisation is called from a day on, and why."""

    use_required_attribute = False
    name = LineField(
        label=_("New name"),
        max_length=NAME_LIMIT,
        error_messages={"required": _("Write the new name.")},
    )
    day = DayField(
        label=_("From which day?"),
        help_text=_("For example 3 May 2026. A day to come is fine: until then the name stays."),
    )
    reason = ReasonField(
        label=_("Why?"),
        help_text=_("For example the decision or the law. It stays on record."),
        missing=_("Write why: it stays on record with the names."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CorrectNameForm(RenameForm):
    """A name that was mistyped, or its day."""

    def __init__(self, *args: Any, has_day: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _now("Name")
        self.fields["reason"].label = _now("What was wrong?")
        self.fields["reason"].help_text = ""
        if not has_day:
            self.fields["day"].required = False
            self.fields["day"].widget = forms.HiddenInput()


class PartsField(forms.MultipleChoiceField):
    """Which parts go to the new one; what is no longer there is the service's to refuse."""

    widget = forms.CheckboxSelectMultiple

    def valid_value(self, value: str) -> bool:
        """Take any key: the service says kindly that it has gone."""
        return bool(value)


class SplitForm(NewNameForm):
    """The new organisation, and who and what goes there."""

    use_required_attribute = False
    name = LineField(
        label=_("Name of the new one"),
        max_length=NAME_LIMIT,
        error_messages={"required": _("Write the name of the new one.")},
    )
    body = forms.ChoiceField(label=_("What kind of body is it?"), choices=OrganisationKind.choices)
    kind = forms.ChoiceField(
        label=_("What happened?"),
        choices=SplitKind.choices,
        initial=SplitKind.SINCE,
        widget=forms.RadioSelect,
    )
    day = DayField(label=_("From which day are they two?"))
    reason = ReasonField(
        label=_("Why are they two?"),
        help_text=_("It stays on record with what moves."),
        missing=_("Write why they are two: it stays on record."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        parts: Collection[Part],
        team: Collection[Membership],
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        asked = ["differs_because"] if "differs_because" in self.fields else []
        self.team = list(team)
        choices = [
            (part.key, f"{part.label} ({part.hint})" if part.hint else part.label) for part in parts
        ]
        if choices:
            self.fields["parts"] = PartsField(
                label=_("What goes to the new one?"), required=False, choices=choices
            )
        for row in self.team:
            self.fields[f"{PERSON}{row.pk}"] = forms.ChoiceField(
                label=f"{row.user}, {row.get_role_display()}",
                choices=Share.choices,
                initial=Share.STAYS,
                error_messages={"required": _("Say where this person works then.")},
                widget=forms.RadioSelect,
            )
        people = [name for name in self.fields if name.startswith(PERSON)]
        # Where a refusal about all of them stands.
        self.places = {"people": people[0]} if people else {}
        self.order_fields(["name", *asked, "body", "kind", "day", "parts", *people, "reason"])

    @property
    def people(self) -> list[Any]:
        """Return the fields on who works where, for the page."""
        return [self[f"{PERSON}{row.pk}"] for row in self.team]

    def chosen(self) -> dict[str, Any]:
        """Return what the service takes."""
        data = self.cleaned_data
        return {
            "name": data["name"],
            "body": data["body"],
            "kind": data["kind"],
            "day": data["day"],
            "parts": data.get("parts", []),
            "shares": {row.pk: data[f"{PERSON}{row.pk}"] for row in self.team},
            "reason": data["reason"],
            "differs_because": data["differs_because"],
        }
