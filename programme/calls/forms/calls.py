"""The call editor: one form for the call, and its lists of rows."""

from typing import Any, ClassVar

from django import forms
from django.forms.formsets import BaseFormSet
from django.utils.translation import gettext_lazy as _

from core.kit.comparing import TwoTexts
from core.kit.differences import differences, row_differences
from core.kit.fields import (
    ConfirmField,
    DayField,
    LineField,
    PopulationField,
    ReasonField,
    TextField,
    VersionField,
)
from programme.calls.forms.call_rows import (
    CommitmentFormSet,
    CriterionFormSet,
    DocumentFormSet,
    MilestoneFormSet,
)
from programme.calls.forms.instants import FOLDS, InstantsForm, local_parts, time_field
from programme.calls.models import Call
from programme.calls.selectors.criteria import STARTS, criteria_as_typed
from programme.calls.services import CallData, CriterionData, DocumentData, MilestoneData
from programme.calls.services.calls import MANY, PLAIN
from programme.calls.states import ApplicantSide, Checkers
from programme.models import Country, Strand, Theme
from programme.organisations.models import Organisation
from programme.organisations.states import OrganisationKind


def code_field() -> forms.RegexField:
    """Return the field for the code of a call."""
    return forms.RegexField(
        r"^[A-Z0-9][A-Z0-9-]{1,19}$",
        label=_("Code"),
        help_text=_(
            "References of applications begin with it, for example C2C-2026. It stays as "
            "it is once the call is published."
        ),
        error_messages={
            "required": _("Enter a code, for example C2C-2026."),
            "invalid": _("Use 2 to 20 capital letters, digits and hyphens, for example C2C-2026."),
        },
    )


class CopyForm(forms.Form):
    """How a copy of a call is called."""

    title = LineField(
        label=_("Title"),
        max_length=160,
        error_messages={"required": _("Enter the title of the call.")},
    )
    code = code_field()

    def __init__(self, data: Any = None, *, call: Call) -> None:
        super().__init__(data, initial={"title": call.title})


class CallForm(InstantsForm):
    """All single values of a call. Drafts may be saved half-filled."""

    instants: ClassVar = ("opens", "interest_closes", "closes")

    # Where a refusal of what several fields say together is shown.
    places: ClassVar = {
        "closes_at": "closes_time",
        "interest_closes_at": "interest_closes_time",
    }
    title = LineField(
        label=_("Title"),
        max_length=160,
        error_messages={"required": _("Enter the title of the call.")},
    )
    code = code_field()
    strand = forms.ModelChoiceField(
        Strand.objects,
        label=_("Strand"),
        empty_label=None,
        error_messages={"required": _("Choose the strand.")},
    )
    summary = TextField(
        label=_("Summary"),
        help_text=_("Two sentences for the list of calls."),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    description = TextField(
        label=_("Description"),
        help_text=_("What the call is about. An empty line begins a new paragraph."),
        max_length=10_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    opens_day = DayField(label=_("Opens, day"), required=False)
    opens_time = time_field(_("Opens, time"))
    opens_fold = forms.ChoiceField(
        label=_("Which of the two?"), choices=FOLDS, required=False, widget=forms.RadioSelect
    )
    interest_closes_day = DayField(
        label=_("First stage closes, day"),
        help_text=_(
            "Only for a call in two stages: until then cities express their interest in a few "
            "words, and those that you invite write the full application."
        ),
        required=False,
    )
    interest_closes_time = time_field(_("First stage closes, time"))
    interest_closes_fold = forms.ChoiceField(
        label=_("Which of the two?"), choices=FOLDS, required=False, widget=forms.RadioSelect
    )
    closes_day = DayField(label=_("Closes, day"), required=False)
    closes_time = time_field(_("Closes, time"))
    closes_fold = forms.ChoiceField(
        label=_("Which of the two?"), choices=FOLDS, required=False, widget=forms.RadioSelect
    )
    decisions_on = DayField(label=_("Decisions published on"), required=False)
    duration_months = forms.IntegerField(
        label=_("Duration in months"), min_value=1, max_value=60, initial=18
    )
    acceptance_days = forms.IntegerField(
        label=_("Days for cities to accept a pairing"),
        min_value=1,
        max_value=365,
        initial=21,
    )
    signature_days = forms.IntegerField(
        label=_("Days to sign the agreement"), min_value=1, max_value=365, initial=60
    )
    min_population_strict = forms.TypedChoiceField(
        label=_("Comparison"),
        choices=[("1", _("more than")), ("0", _("at least"))],
        coerce=lambda value: value == "1",
        initial="1",
    )
    min_population = PopulationField(
        label=_("Inhabitants"),
        required=False,
        initial=100_000,
        help_text=_("Leave it empty if the size of a city does not matter."),
    )
    applicant_side = forms.TypedChoiceField(
        label=_("Open for"),
        choices=ApplicantSide.choices,
        initial=ApplicantSide.EU,
        widget=forms.RadioSelect,
        required=False,
        empty_value=ApplicantSide.EU,
        help_text=_(
            "Who applies. Partner cities apply from the partner countries below, with a "
            "questionnaire of their own; no number of inhabitants is asked of them."
        ),
    )
    applicant_kinds = forms.MultipleChoiceField(
        label=_("Kinds of applicant"),
        choices=OrganisationKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        initial=[
            OrganisationKind.MUNICIPALITY,
            OrganisationKind.GROUP,
            OrganisationKind.METROPOLITAN,
        ],
    )
    takes_part_once = forms.BooleanField(
        label=_("A municipality takes part in one application of this call"),
        help_text=_(
            "Alone or in one group: a second application that names it cannot be sent. Without "
            "this rule both can, and you ask them which one counts."
        ),
        required=False,
    )
    checkers = forms.TypedChoiceField(
        label=_("Eligibility is checked by"),
        help_text=_(
            "With two, nobody is told before another person confirms what the first found. A "
            "change counts from now on, also for checks that are open; what is decided stays."
        ),
        choices=Checkers.choices,
        coerce=int,
        empty_value=None,
        required=False,
        initial=Checkers.ONE,
        widget=forms.RadioSelect,
    )
    eligible_countries = forms.ModelMultipleChoiceField(
        Country.objects.in_europe(),
        label=_("Countries on the day of closing"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        # A new call begins with today's members of the EU.
        initial=lambda: list(Country.objects.filter(is_eu_member=True)),
    )
    partner_countries = forms.ModelMultipleChoiceField(
        Country.objects.partners(),
        label=_("Partner countries"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    named_partners = forms.ModelMultipleChoiceField(
        Organisation.objects.filter(side="partner").select_related("country"),
        label=_("Named partner cities"),
        help_text=_("Choose some if the call is for certain cities alone."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    themes = forms.ModelMultipleChoiceField(
        Theme.objects,
        label=_("Themes"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    reason = ReasonField(
        label=_("Why does the call change?"),
        help_text=_("The call is published, so every change is recorded with this reason."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        is_asked=True,
    )
    impact_confirmed = ConfirmField(label=_("Yes, change the rules for these drafts."))
    version = VersionField(initial=0)

    def __init__(self, data: Any = None, *, call: Call | None = None) -> None:
        super().__init__(data, initial=initial_of(call) if call else {})
        side: Any = self.fields["applicant_side"]
        # One of them is always chosen: it is not optional for a reader.
        side.is_asked = True
        checkers: Any = self.fields["checkers"]
        checkers.is_asked = True
        if call is None or call.status != "published":
            del self.fields["reason"], self.fields["impact_confirmed"]
        else:
            # A deadline moves on a page of its own, which tells those who write.
            moved = [
                f"{closing}_{part}"
                for closing in ("closes", "interest_closes")
                for part in ("day", "time", "fold")
            ]
            for name in ("code", *moved):
                self.fields[name].disabled = True

    def clean_checkers(self) -> int:
        """Return how many people check; one where a form does not say."""
        return int(self.cleaned_data["checkers"] or Checkers.ONE)


def initial_of(call: Call) -> dict[str, Any]:
    """Return a call's values as the form shows them."""
    plain = (
        "title",
        "code",
        "strand",
        "summary",
        "description",
        "decisions_on",
        "duration_months",
        "acceptance_days",
        "signature_days",
        "min_population",
        "applicant_side",
        "takes_part_once",
        "checkers",
        "applicant_kinds",
        "version",
    )
    many = ("eligible_countries", "partner_countries", "named_partners", "themes")
    return {
        **{name: getattr(call, name) for name in plain},
        **{name: list(getattr(call, name).all()) for name in many},
        **local_parts("opens", call.opens_at),
        **local_parts("interest_closes", call.interest_closes_at),
        **local_parts("closes", call.closes_at),
        "min_population_strict": "1" if call.min_population_strict else "0",
    }


# What the lists of rows are about, in the order of `CallEditor.formsets`.
ROWS = [_("Commitments"), _("Documents"), _("Milestones"), _("Assessment criteria")]


class CallEditor:
    """The form and the rows of a call's page as one thing: bound together, valid together."""

    def __init__(self, data: Any = None, *, call: Call | None = None, start_from: str = "") -> None:
        self.form = CallForm(data, call=call)
        self.commitments = CommitmentFormSet(
            data,
            prefix="commitments",
            initial=[{"text": row.text} for row in call.commitments.all()] if call else [],
        )
        self.documents = DocumentFormSet(
            data,
            prefix="documents",
            initial=list(call.documents.asked().values("key", "title", "help", "is_required"))
            if call
            else [],
        )
        self.milestones = MilestoneFormSet(
            data,
            prefix="milestones",
            initial=list(
                call.milestones.values("key", "title", "kind", "offset_months", "offset_days")
            )
            if call
            else [],
        )
        self.criteria = CriterionFormSet(
            data,
            prefix="criteria",
            initial=criteria_as_typed(call, start_from),
        )

    @property
    def starts(self) -> list[tuple[str, Any]]:
        """What criteria can start from, while there are none."""
        return [] if self.criteria.initial or self.criteria.is_bound else list(STARTS.items())

    @property
    def formsets(self) -> list[BaseFormSet]:
        """The lists of rows."""
        return [self.commitments, self.documents, self.milestones, self.criteria]

    @property
    def everything(self) -> list[forms.BaseForm]:
        """All forms, in the order of the page, for the error summary."""
        return [self.form, *(form for rows in self.formsets for form in rows)]

    @property
    def has_errors(self) -> bool:
        """Whether anything typed was refused."""
        return self.form.is_bound and not self.is_valid()

    def is_valid(self) -> bool:
        """Check everything, so that all errors show at once."""
        return all([self.form.is_valid(), *(rows.is_valid() for rows in self.formsets)])

    @property
    def asks_opening(self) -> bool:
        """Whether to ask which of two equal opening times is meant."""
        return "opens" in self.form.asks

    @property
    def asks_interest(self) -> bool:
        """Whether to ask which of two equal times the first stage closes at."""
        return "interest_closes" in self.form.asks

    @property
    def asks_closing(self) -> bool:
        """Whether to ask which of two equal closing times is meant."""
        return "closes" in self.form.asks

    @property
    def shows_impact(self) -> bool:
        """Whether to show what the changes do to drafts: it must be, or was, confirmed."""
        form = self.form
        return "impact_confirmed" in form.errors or bool(form.data.get("impact_confirmed"))

    @property
    def weights(self) -> int:
        """The sum of the stored weights."""
        return sum(row["weight"] for row in self.criteria.initial or [])

    @property
    def row_errors(self) -> list[dict[str, Any]]:
        """What is wrong with a list of rows as a whole, for the error summary."""
        if not self.form.is_bound:
            return []
        return [
            {"text": text, "target": rows.prefix}
            for rows in self.formsets
            for text in rows.non_form_errors()
        ]

    def differences(self, stored: Call) -> list[TwoTexts]:
        """Return label and stored words of what is saved now and differs from what was typed."""
        saved = CallEditor(call=stored)
        found = differences(self.form, saved.form)
        for label, typed, now in zip(ROWS, self.formsets, saved.formsets, strict=True):
            found += row_differences(label, typed, now)
        return found

    def lock(self) -> None:
        """Show everything and let nothing be typed, for those who only read."""
        for form in self.everything:
            for field in form.fields.values():
                field.disabled = True

    def data(self) -> CallData:
        """Return what was typed. Ask only when it is valid."""
        cleaned = self.form.cleaned_data
        # One dict: what a form has cleaned is of any type.
        values: dict[str, Any] = {name: cleaned[name] for name in PLAIN}
        values |= {name: list(cleaned[name]) for name in MANY}
        return CallData(
            code=cleaned["code"],
            **values,
            commitments=[row["text"] for row in self.commitments.rows()],
            documents=[
                DocumentData(
                    key=row["key"],
                    title=row["title"],
                    help=row["help"],
                    is_required=row["is_required"],
                )
                for row in self.documents.rows()
            ],
            milestones=[
                MilestoneData(
                    key=row["key"],
                    title=row["title"],
                    kind=row["kind"],
                    offset_months=row["offset_months"] or 0,
                    offset_days=row["offset_days"] or 0,
                )
                for row in self.milestones.rows()
            ],
            criteria=[
                CriterionData(
                    key=row["key"],
                    title=row["title"],
                    weight=row["weight"],
                    max_score=row["max_score"] or 5,
                    guidance=row["guidance"],
                    ladder=row["ladder"],
                )
                for row in self.criteria.rows()
            ],
        )
