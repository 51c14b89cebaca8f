"""The form of an organisation of the partnership."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.forms.city import RenamingForm
from applications.models import Stakeholder
from applications.services.stakeholders import ROLE_LIMIT
from applications.states import StakeholderKind
from core.kit.fields import LineField, TextField

FIELDS = ("kind", "name", "role", "contact_name", "contact_email")


class StakeholderForm(RenamingForm):
    """Who it is, what it does, and whom to ask."""

    kind = forms.ChoiceField(
        label=_("Kind of organisation"),
        choices=[("", _("Choose a kind")), *StakeholderKind.choices],
        error_messages={"required": _("Choose what kind of organisation it is.")},
    )
    name = LineField(
        label=_("Name of the organisation"),
        max_length=200,
        error_messages={"required": _("Name the organisation.")},
    )
    role = TextField(
        label=_("What it does"),
        help_text=_("What it brings, or how it supports you. Names, numbers, places."),
        max_length=ROLE_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": _("Say in a few words what it does, or how it supports you."),
        },
    )
    contact_name = LineField(label=_("Whom to ask there"), max_length=150, required=False)
    contact_email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("Needed only to invite it to write its letter online."),
        max_length=254,
        required=False,
        error_messages={"invalid": _("This is not an e-mail address. Check it.")},
    )

    @staticmethod
    def is_typed(data: Mapping[str, Any]) -> bool:
        """Whether anything of a stakeholder was typed in what was sent."""
        return any(data.get(name, "").strip() for name in FIELDS)

    @staticmethod
    def initial_of(stakeholder: Stakeholder) -> dict[str, Any]:
        """Return what the form shows of a stored stakeholder."""
        return {
            "version": stakeholder.application.version,
            **{name: getattr(stakeholder, name) for name in FIELDS},
        }
