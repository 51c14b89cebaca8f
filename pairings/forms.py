"""What people type about pairings."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.kit.fields import DayField, LineField, ReasonField, SearchField, TextField, VersionField
from core.kit.filters import FilterForm
from core.threads.services import MESSAGE_LIMIT
from pairings.models import Pairing
from pairings.services.corrections import NAME_LIMIT
from pairings.services.running import NEEDS_REASON
from pairings.services.wishes import WORD_LIMIT
from pairings.states import PairingStatus
from programme.calls.models import Call
from programme.models import Country, Topic
from programme.organisations.models import Organisation
from programme.states import Side


class AnswerForm(forms.Form):
    """A city's answer to a proposed pairing; declining needs a reason."""

    YES, NO = "accept", "decline"

    answer = forms.ChoiceField(
        label=_("Does your city accept?"),
        help_text=_(
            "When all accept, each of them gets the agreement to sign; the time starts with the "
            "last signature. When one declines, the proposal ends for all, and you keep your "
            "place in the call."
        ),
        choices=[(YES, _("Yes, we accept")), (NO, _("No, we decline"))],
        widget=forms.RadioSelect(attrs={"data-cards": True}),
        error_messages={"required": _("Choose yes or no.")},
    )
    reason = ReasonField(
        label=_("Why you decline"),
        help_text=_(
            "Needed if you decline. The coordination unit reads it; your partner does not."
        ),
        needed_when=("answer", NO),
    )
    allowed = forms.BooleanField(
        label=_("I am allowed to answer for my city."),
        error_messages={
            "required": _("Tick that you are allowed to answer, or ask who is allowed to.")
        },
    )

    # Which of its versions was read: nobody accepts what has been corrected meanwhile.
    version = VersionField()

    def __init__(self, *args: Any, is_region: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_region:
            self.fields["answer"].label = _now("Does your region accept?")
            self.fields["allowed"].label = _now("I am allowed to answer for my region.")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        declines = data.get("answer") == self.NO
        if declines and not data.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _now("Write why you decline."))
        return data

    @property
    def accepts(self) -> bool:
        """Whether the answer is yes."""
        return bool(self.cleaned_data["answer"] == self.YES)


class PartnerSearch(FilterForm):
    """What narrows the list of possible partners."""

    LIKED, REFUSED = "yes", "no"

    q = SearchField(label=_("City, country, topic or kind of place"))
    said = forms.ChoiceField(
        label=_("What you have said"),
        choices=[
            ("", _("All")),
            (LIKED, _("We would like to")),
            (REFUSED, _("We would rather not")),
        ],
        required=False,
    )

    @property
    def is_wanted(self) -> bool | None:
        """Return which wishes are asked for; None where they do not matter."""
        said = self.chosen["said"]
        return said == self.LIKED if said else None


class WishForm(forms.Form):
    """What a city says of a possible partner, before it is paired."""

    WANTED, UNWANTED, NOTHING = "yes", "no", "nothing"

    stance = forms.ChoiceField(
        label=_("Would your city like to work with them?"),
        choices=[
            (WANTED, _("We would like to")),
            (UNWANTED, _("We would rather not")),
            (NOTHING, _("We say nothing")),
        ],
        widget=forms.RadioSelect(attrs={"data-cards": True}),
        error_messages={"required": _("Choose one of the three.")},
    )
    word = LineField(
        label=_("A word on it"),
        help_text=_("For the coordination unit; no other city reads it."),
        max_length=WORD_LIMIT,
        required=False,
    )


class SignatureForm(forms.Form):
    """That a party has signed the Partnership Agreement."""

    signatory_name = LineField(
        label=_("Who signed"),
        help_text=_("First name and family name, as they stand in the agreement."),
        max_length=150,
    )
    signatory_office = LineField(
        label=_("In which office"), help_text=_("For example: Mayor."), max_length=150
    )
    signed_on = DayField(
        label=_("Day of the signature"),
        help_text=_(
            "As the agreement shows: today where your city lies, or earlier. "
            "Day, month and year, for example 31 March 2027 or 31.3.2027."
        ),
        error_messages={"required": _("Give the day of the signature.")},
    )


class CancelForm(forms.Form):
    """Why a pairing ends before its time."""

    reason = ReasonField(
        label=_("Why the pairing is cancelled"),
        help_text=_("Every lead of its cities gets this reason by mail."),
        missing=_("Write why the pairing is cancelled."),
    )
    sure = forms.BooleanField(
        label=_("I know that this cannot be undone."),
        error_messages={"required": _("Tick that you know that this cannot be undone.")},
    )


class CompleteForm(forms.Form):
    """Why a cooperation is complete before all its milestones are; asked only then."""

    reason = ReasonField(
        label=_("Why it is complete all the same"),
        help_text=_("It stays on record with your name."),
        missing=NEEDS_REASON,
    )

    def __init__(self, data: Any = None, *, left: bool) -> None:
        super().__init__(data)
        if not left:
            del self.fields["reason"]


class MoveMilestoneForm(forms.Form):
    """Another day for a milestone."""

    due_on = DayField(label=_("New day"), error_messages={"required": _("Give the new day.")})
    reason = LineField(
        label=_("Why it moves"),
        help_text=_("The cities read this beside the milestone."),
        max_length=300,
        error_messages={"required": _("Write why the milestone moves.")},
    )


class ReopenMilestoneForm(forms.Form):
    """Why a milestone is not done after all."""

    use_required_attribute = False
    reason = ReasonField(
        help_text=_("It stays on record."),
        missing=_("Write why it is not done: it stays on record."),
    )


class PairingFilter(FilterForm):
    """The filter bar of the staff list."""

    q = SearchField(label=_("City, country or topic"))
    status = forms.ChoiceField(label=_("Status"), required=False)
    call = forms.ChoiceField(label=_("Call"), required=False)
    country = forms.ChoiceField(label=_("Country"), required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer(
            "status",
            [
                ("", _("All")),
                ("live", _("Proposed, accepted or running")),
                *PairingStatus.choices,
            ],
        )
        visible = Pairing.objects.visible_to(user)
        calls = Call.objects.filter(pairings__in=visible).distinct()
        self._offer("call", [("", _("All")), *calls.values_list("slug", "title")])
        countries = Country.objects.filter(
            organisations__pairing_members__pairing__in=visible
        ).distinct()
        self._offer("country", [("", _("All")), *countries.values_list("code", "name")])

    def _offer(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - tells mypy, not people
        field.choices = choices


class ChoiceForm(forms.Form):
    """Call, cities and search words of a new pairing; they stand in the address."""

    call = forms.ModelChoiceField(
        label=_("Call"),
        queryset=Call.objects.published(),
        to_field_name="slug",
        empty_label=_("Choose a call"),
        error_messages={"invalid_choice": _("This call does not exist. Choose another one.")},
    )
    eu = forms.ModelMultipleChoiceField(
        queryset=Organisation.objects.filter(side=Side.EU), required=False
    )
    partner = forms.ModelMultipleChoiceField(
        queryset=Organisation.objects.filter(side=Side.PARTNER), required=False
    )
    eu_q = SearchField(label=_("Find a city in Europe"))
    partner_q = SearchField(label=_("Find a partner city"))
    # The button that compares was pressed.
    compare = forms.BooleanField(required=False)


class ProposalForm(forms.Form):
    """Topics and reason of a pairing, for the cities chosen before."""

    topics = forms.ModelMultipleChoiceField(
        label=_("Topics"),
        help_text=_("What the cities will work on. Those of their shared themes come first."),
        queryset=Topic.objects.all(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one topic.")},
    )
    reason = ReasonField(
        label=_("Why these cities"),
        help_text=_("Two or three sentences. Every city reads them before it answers."),
        missing=_("Write why these cities fit together."),
    )


class QuestionForm(forms.Form):
    """What a party and the unit write to each other about a pairing."""

    text = TextField(
        label=_("What you want to say"),
        help_text=_("Your city and the coordination unit read it; no other city does."),
        max_length=MESSAGE_LIMIT,
        error_messages={"required": _("Write what you want to say.")},
    )


class CorrectForm(ProposalForm):
    """What a proposal says, until a city has answered it."""

    answer_by = DayField(
        label=_("Answers due"),
        help_text=_("Until 17:00 in Brussels on that day."),
        error_messages={"required": _("Give the day until which the cities answer.")},
    )
    version = VersionField()


class AmendForm(ProposalForm):
    """What changes of a pairing after an answer, with a name and a reason."""

    due_on = DayField(
        label=_("Date due"),
        help_text=_("Until 17:00 in Brussels on that day."),
        required=False,
    )
    name = LineField(
        label=_("Name of the amendment"),
        help_text=_("For example: Another topic. Every city of the pairing reads it."),
        max_length=NAME_LIMIT,
    )
    why = ReasonField(
        label=_("Why it changes"),
        help_text=_("Every city of the pairing reads it, and gets it by mail."),
        missing=_("Write why it changes."),
    )
    version = VersionField()

    def __init__(self, *args: Any, due_label: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if due_label:
            self.fields["due_on"].label = due_label
        else:
            del self.fields["due_on"]


class ProlongForm(forms.Form):
    """More time for the cities to answer."""

    answer_by = DayField(
        label=_("Answers due"),
        help_text=_("Until 17:00 in Brussels on that day; later than now."),
        error_messages={"required": _("Give the new day.")},
    )
