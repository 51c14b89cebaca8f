"""The declaration of interests: a tick and a sentence for each applicant one has a link with."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from applications.assessment.selectors.interests import Named, named_print
from applications.assessment.services.interests import LINK_LIMIT
from core.kit.fields import LineField, ReasonField


class InterestsForm(forms.Form):
    """Ticks and reasons of one call; what was declared before is not asked again."""

    use_required_attribute = False
    confirmed = forms.BooleanField(
        label=_(
            "I have no link with the others that could sway my judgement, and I will say so at "
            "once if one arises."
        ),
        error_messages={"required": _("Tick that you have no link with the others.")},
    )

    # The print of the applicants that were on the page.
    shown = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, named: Iterable[Named], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.named = list(named)
        self.initial["shown"] = self.print
        for one in self.named:
            if one.link:
                continue
            pk, name = one.application.pk, one.application.organisation.name
            self.fields[f"link_{pk}"] = forms.BooleanField(label=name, required=False)
            self.fields[f"reason_{pk}"] = LineField(
                label=_("What links you with %(name)s, and until when?") % {"name": name},
                max_length=LINK_LIMIT,
                required=False,
            )

    def clean(self) -> dict[str, Any]:
        """Ask for a sentence beside each tick."""
        cleaned = super().clean() or {}
        for pk in self._ticked():
            if not cleaned.get(f"reason_{pk}") and f"reason_{pk}" not in self.errors:
                words = _("Say in one sentence what links you, and until when.")
                self.add_error(f"reason_{pk}", words)
        return cleaned

    def _ticked(self) -> list[int]:
        ids = (one.application.pk for one in self.named if not one.link)
        return [pk for pk in ids if self.cleaned_data.get(f"link_{pk}")]

    @property
    def print(self) -> str:
        """Return the fingerprint of the applicants that the form names now."""
        return named_print(one.application for one in self.named)

    def renew(self) -> None:
        """Ask anew for what is shown now: the ticks stay, but not the word for the whole."""
        sent: Any = self.data
        data = sent.copy()
        data.pop("confirmed", None)
        data["shown"] = self.print
        self.data = data

    @property
    def links(self) -> dict[int, str]:
        """Return the reason of each tick, by application."""
        return {pk: self.cleaned_data[f"reason_{pk}"] for pk in self._ticked()}

    def groups(self) -> Iterator[tuple[str, list[tuple[Named, BoundField | None, Any]]]]:
        """Return the applicants by country, each with its tick and its sentence."""
        by_country = groupby(self.named, key=lambda one: str(one.application.organisation.country))
        for country, rows in by_country:
            yield (
                country,
                [
                    (one, None, None)
                    if one.link
                    else (
                        one,
                        self[f"link_{one.application.pk}"],
                        self[f"reason_{one.application.pk}"],
                    )
                    for one in rows
                ],
            )


class LinkForm(forms.Form):
    """What links a member of staff with an applicant."""

    use_required_attribute = False
    reason = LineField(
        label=_("What links you with this applicant, and until when?"),
        help_text=_("Work, contract, joint project, family, or your own home. Only staff read it."),
        max_length=LINK_LIMIT,
        error_messages={"required": _("Say in one sentence what links you, and until when.")},
    )


class LiftForm(forms.Form):
    """Why a link does not stand in the way."""

    use_required_attribute = False
    reason = ReasonField(
        help_text=_("Kept for good with your name and the time."),
        missing=_("Write why the link does not stand in the way."),
    )
