"""Handing a draft over to a colleague."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from applications.services.handing import LONGEST_NOTE
from core.kit.fields import TextField, offer
from programme.organisations.models import Organisation
from programme.organisations.states import WRITERS


class HandOverForm(forms.Form):
    """Who goes on, a note, and whether they lead the city from then on."""

    to = forms.ModelChoiceField(
        label=_("Who goes on with it?"),
        queryset=User.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a colleague.")},
    )
    note = TextField(
        label=_("A note to them"),
        help_text=_("What is done, what is left. It stands in the mail."),
        max_length=LONGEST_NOTE,
        required=False,
    )
    as_lead = forms.BooleanField(
        label=_("Make them a lead of the team too: a lead can send the application."),
        required=False,
    )

    def __init__(
        self, data: Any = None, *, organisation: Organisation, by: User, may_manage: bool
    ) -> None:
        super().__init__(data)
        team = organisation.memberships.exclude(user=by).filter(user__is_active=True)
        if not may_manage:
            # Who only reads is made a writer by a lead.
            team = team.filter(role__in=WRITERS)
            del self.fields["as_lead"]
        colleagues = User.objects.filter(pk__in=team.values("user"))
        offer(self, "to", colleagues.order_by("search_name", "pk"))
