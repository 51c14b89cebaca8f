"""Forms of outcomes, letters and their release."""

from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.assessment.models import Paragraph
from applications.assessment.services.correcting import LONGEST_WORDS
from applications.assessment.services.paragraphs import LONGEST_TITLE
from applications.assessment.states import PendingOutcome
from applications.services.letters import LONGEST_LETTER
from applications.states import DecisionOutcome
from core.kit.fields import LineField, ReasonField, TextField, VersionField, offer
from core.kit.rows import NOTHING
from core.kit.writes import REASON_LIMIT
from core.post.texts import LONGEST_SUBJECT

REASON_HELP = _(
    "The applicant reads it in the letter. {city}, {reference} and {call} are filled in. "
    "Not needed where you hold, or choose a paragraph."
)


class ParagraphsField(forms.ModelMultipleChoiceField):
    """Paragraphs, each with the outcome that it is for."""

    def label_from_instance(self, obj: Any) -> str:
        """Return title and outcome."""
        return f"{obj.title} ({obj.get_outcome_display()})"


class _ReasonFields(forms.Form):
    """The reason that a city will read: paragraphs, and words of one's own."""

    use_required_attribute = False
    paragraphs = ParagraphsField(
        label=_("Paragraphs"),
        help_text=_("They come first, in the language of the applicant."),
        queryset=Paragraph.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    reason = ReasonField(help_text=REASON_HELP, is_asked=True)

    def __init__(self, data: Any = None, *, paragraphs: Any, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        offer(self, "paragraphs", paragraphs)
        if not paragraphs.exists():
            del self.fields["paragraphs"]

    def arguments(self) -> dict[str, Any]:
        """Return what the service takes."""
        data = self.cleaned_data
        return {
            "reason": data["reason"],
            "paragraphs": list(data.get("paragraphs") or ()),
            "read_version": data["version"],
        }


class LetterReasonForm(_ReasonFields):
    """The reason of an outcome that is known."""

    version = VersionField()


class _OutcomeFields(_ReasonFields):
    """An outcome, and the reason the city will read."""

    outcome = forms.ChoiceField(
        label=_("Outcome"),
        choices=PendingOutcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose accept, reserve list, reject or hold.")},
    )
    field_order = ("outcome", "paragraphs", "reason", "version")


class OutcomeForm(_OutcomeFields):
    """What becomes of an application, and the reason the city will read."""

    version = VersionField()

    def arguments(self) -> dict[str, Any]:
        """Return what the service takes."""
        return super().arguments() | {"outcome": self.cleaned_data["outcome"]}


class SeveralOutcomesForm(_OutcomeFields):
    """What becomes of many applications (applications.acting.ActionForm)."""

    def __init__(self, data: Any, applications: Any) -> None:
        calls = {one.call_id for one in applications}
        # A paragraph of one call says nothing in another one.
        of_call = Q(call__in=calls) if len(calls) == 1 else NOTHING
        offered = Paragraph.objects.filter(of_call | Q(call=None))
        super().__init__(data, paragraphs=offered.order_by("outcome", "title", "pk"))

    @property
    def values(self) -> dict[str, Any]:
        """Return what was chosen and typed, as JSON."""
        data = self.cleaned_data
        paragraphs = [one.pk for one in data.get("paragraphs") or ()]
        return {"outcome": data["outcome"], "reason": data["reason"], "paragraphs": paragraphs}


class LetterForm(forms.Form):
    """Subject and words of a letter; the outcome above them stays."""

    use_required_attribute = False
    subject = LineField(label=_("Subject"), max_length=LONGEST_SUBJECT)
    text = TextField(
        label=_("The letter"),
        max_length=LONGEST_LETTER,
        widget=forms.Textarea(attrs={"rows": 14}),
    )
    version = VersionField()


class ParagraphForm(forms.Form):
    """A paragraph in the languages of the portal; English stands in for the others."""

    use_required_attribute = False
    title = LineField(
        label=_("Title"), help_text=_("For staff; no applicant reads it."), max_length=LONGEST_TITLE
    )
    outcome = forms.ChoiceField(
        label=_("For"),
        choices=DecisionOutcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the outcome it is for.")},
    )
    for_all = forms.BooleanField(label=_("Offer it in every call"), required=False)
    version = VersionField()

    def __init__(self, data: Any = None, *, paragraph: Paragraph | None = None) -> None:
        initial: dict[str, Any] = {"version": 0}
        if paragraph is not None:
            initial = {
                "title": paragraph.title,
                "outcome": paragraph.outcome,
                "for_all": paragraph.call_id is None,
                "version": paragraph.version,
                **{f"body_{code}": text for code, text in paragraph.body.items()},
            }
        super().__init__(data, initial=initial)
        for code, name in settings.LANGUAGES:
            self.fields[f"body_{code}"] = TextField(
                label=name,
                max_length=REASON_LIMIT,
                required=code == settings.LANGUAGE_CODE,
                help_text=_("{city}, {reference} and {call} are filled in."),
                widget=forms.Textarea(attrs={"rows": 4, "lang": code}),
            )

    @property
    def body(self) -> dict[str, str]:
        """Return its words by language; ask only once the form is valid."""
        return {code: self.cleaned_data[f"body_{code}"] for code, _name in settings.LANGUAGES}


class CorrectionForm(forms.Form):
    """What should have been decided, what went wrong, and what the city reads of it."""

    use_required_attribute = False
    outcome = forms.ChoiceField(
        label=_("What the decision should be"),
        choices=DecisionOutcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what the decision should have been.")},
    )
    reason = ReasonField(
        label=_("What went wrong?"),
        help_text=_("Kept for good in the audit trail. The applicant does not read it."),
        missing=_("Write the reason: it is kept with your name and the time."),
    )
    words = TextField(
        label=_("What the applicant reads"),
        help_text=_("It stands in the correcting letter: what was wrong, and what holds now."),
        max_length=LONGEST_WORDS,
        error_messages={
            "required": _("Write what the applicant reads: what was wrong, and what holds now.")
        },
    )
    version = VersionField()

    def __init__(self, data: Any = None, *, status: str, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        field: Any = self.fields["outcome"]
        field.choices = [one for one in DecisionOutcome.choices if one[0] != status]


class VersionForm(forms.Form):
    """The version that a button was shown beside."""

    version = VersionField()


class MarkForm(forms.Form):
    """What the page showed, by its mark: exactly that is done."""

    mark = forms.CharField(widget=forms.HiddenInput, required=False)

    def renew(self, mark: str) -> None:
        """Ask anew for what is shown now."""
        sent: Any = self.data
        data = sent.copy()
        data["mark"] = mark
        self.data = data
