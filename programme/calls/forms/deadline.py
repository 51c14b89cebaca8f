"""Moving a deadline: first a time is tried, then the move is confirmed with its reason."""

import datetime as dt
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from core.kit.fields import ConfirmField, DayField, ReasonField, VersionField
from programme.calls.forms.instants import FOLDS, InstantsForm, local_parts, time_field
from programme.calls.models import Call
from programme.calls.movable import MOVABLE
from programme.calls.states import Closing


class DeadlineForm(InstantsForm):
    """Another closing time, to see what hangs on it. Nothing changes by looking."""

    instants: ClassVar = ("closes",)
    closes_day = DayField(label=_("New day"))
    closes_time = time_field(
        _("Brussels time"), missing=_("Type the time as hours and minutes, for example 17:00.")
    )
    closes_fold = forms.ChoiceField(
        label=_("Which of the two?"), choices=FOLDS, required=False, widget=forms.RadioSelect
    )

    def __init__(
        self, data: Any = None, *, call: Call, closing: Closing = Closing.CALL, **kwargs: Any
    ) -> None:
        self.closing = closing
        self.stored: dt.datetime | None = getattr(call, MOVABLE[closing].time)
        kwargs.setdefault("initial", local_parts("closes", self.stored))
        super().__init__(data, **kwargs)

    @property
    def closes_at(self) -> dt.datetime | None:
        """Return the time that was typed; None while it is none."""
        return self.cleaned_data["closes_at"] if self.is_valid() else None

    @property
    def asks_closing(self) -> bool:
        """Whether to ask which of two equal times is meant."""
        return "closes" in self.asks


class MoveForm(DeadlineForm):
    """The time that was tried, carried along, with the reason and what must be confirmed."""

    reason = ReasonField(
        label=_("Why does the deadline move?"),
        help_text=_("Everybody who writes for the call reads it in the mail."),
        missing=_("Write why the deadline moves. Those who write for the call read it."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    past_confirmed = ConfirmField(
        label=_("Yes, close it at a time that has passed: no draft can be sent any more.")
    )
    version = VersionField(initial=0)

    def __init__(self, data: Any = None, *, call: Call, tried: DeadlineForm) -> None:
        initial = {
            **local_parts("closes", tried.closes_at or tried.stored),
            "version": call.version,
        }
        # Its fields stand beside those of the trial on one page.
        super().__init__(
            data, call=call, closing=tried.closing, initial=initial, auto_id="id_move_%s"
        )
        for name in ("closes_day", "closes_time", "closes_fold"):
            self.fields[name].widget = forms.HiddenInput()

    def values(self) -> dict[str, Any]:
        """Return what the service takes. Ask only when it is valid."""
        cleaned = self.cleaned_data
        return {
            "closing": self.closing,
            "closes_at": cleaned["closes_at"],
            "reason": cleaned["reason"],
            "past_confirmed": cleaned["past_confirmed"],
            "read_version": cleaned["version"],
        }
