"""What staff do with many applications at once: prepare what becomes of them."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from applications.acting import Action, Change, Values
from applications.assessment.forms.outcomes import SeveralOutcomesForm
from applications.assessment.models import Outcome, Paragraph
from applications.assessment.services import prepare_outcome, take_back_outcome
from applications.assessment.services.outcomes import kept_of
from applications.assessment.services.placeholders import filled, require_known
from applications.assessment.states import DECIDABLE, PendingOutcome
from applications.eligibility import instant_words
from applications.models import Application
from core.kit.errors import InvalidError

PREPARE = "assessment.prepare"
OPEN = gettext_lazy("open")


def _paragraphs(values: Values) -> list[Paragraph]:
    return list(Paragraph.objects.filter(pk__in=values["paragraphs"]).order_by("pk"))


def _preview(applications: Sequence[Application], values: Values, _by: User) -> dict[int, Change]:
    paragraphs = _paragraphs(values)
    if not values["reason"] and not paragraphs and values["outcome"] != PendingOutcome.HELD:
        raise InvalidError(
            _("Write the reason, or choose a paragraph: the applicant reads it in the letter."),
            field="reason",
        )
    require_known(values["reason"], field="reason")
    rows = Outcome.objects.filter(application__in=applications).select_related("prepared_by")
    stored = {row.application_id: row for row in rows.with_state()}
    return {one.pk: _change(one, stored.get(one.pk), values, paragraphs) for one in applications}


def _change(
    application: Application, row: Any, values: Values, paragraphs: list[Paragraph]
) -> Change:
    outcome = PendingOutcome(values["outcome"])
    before = str(row.get_outcome_display() if row and not row.is_released else OPEN)
    seen = str(row.version if row else 0)
    if why_not := _why_not(application, row, outcome):
        return Change(before, before, seen, why_not=why_not)
    after = str(outcome.label)
    if before != after:
        return Change(before, after, seen)
    stands = not row.failure and not row.is_overtaken
    if stands and row.reason in _reasons(application, values, paragraphs):
        note = _("%(name)s set it on %(when)s.") % {
            "name": str(row.prepared_by or _("Somebody")),
            "when": instant_words(row.prepared_at),
        }
        return Change(before, before, seen, note=note)
    return Change(before, _("%(outcome)s, with this reason") % {"outcome": after}, seen)


def _why_not(application: Application, row: Any, outcome: PendingOutcome) -> str:
    if application.status not in DECIDABLE or application.status == outcome:
        status = application.get_status_display()
        return _("It is “%(status)s”: there is nothing to prepare.") % {"status": status}
    if row and row.is_leaving:
        return _("Its outcome is being released right now.")
    return ""


def _reasons(application: Application, values: Values, paragraphs: list[Paragraph]) -> set[str]:
    """Return what the reason can come to: paragraphs stand in the language of who is written to."""
    return {
        "\n\n".join(
            filled(part, application)
            for part in (*(one.words_in(code) for one in paragraphs), values["reason"])
            if part
        )
        for code, _name in settings.LANGUAGES
    }


def _do(application: Application, values: Values, by: User, change: Change) -> Values:
    before = Outcome.objects.filter(application=application).first()
    kept = kept_of(before)
    row = prepare_outcome(
        application=application,
        outcome=values["outcome"],
        reason=values["reason"],
        paragraphs=_paragraphs(values),
        read_version=int(change.seen),
        by=by,
    )
    return {"was": kept, "version": row.version}


def _undo(application: Application, kept: Values, by: User, reason: str) -> None:
    take_back_outcome(
        application=application,
        kept=kept["was"],
        read_version=kept["version"],
        reason=reason,
        by=by,
    )


def _title(values: Values, number: int) -> str:
    return ngettext(
        "Setting %(number)d application to “%(outcome)s”",
        "Setting %(number)d applications to “%(outcome)s”",
        number,
    ) % {"number": number, "outcome": PendingOutcome(values["outcome"]).label}


ACTIONS = [
    Action(
        key=PREPARE,
        order=10,
        label=gettext_lazy("Decide"),
        hint=gettext_lazy("accept, reserve or reject, pending"),
        icon="check-circle",
        permission="assessment.prepare_outcomes",
        form=SeveralOutcomesForm,
        heading=gettext_lazy("Pending outcome"),
        title=_title,
        preview=_preview,
        do=_do,
        undo=_undo,
        told=gettext_lazy(
            "No applicant learns of it now. Letters go out together, on the release."
        ),
        undone_until=gettext_lazy("All of it can be taken back in one step until the release."),
    ),
]
