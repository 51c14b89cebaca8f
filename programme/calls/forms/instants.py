"""Instants of a call as people type them: a day and a time in Brussels."""

import datetime as dt
from typing import Any, ClassVar

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from core.kit.days import BRUSSELS
from core.kit.errors import Words

FIRST, SECOND = "0", "1"
FOLDS = [
    (FIRST, _("The first time, in summer time (UTC+2)")),
    (SECOND, _("The second time, in winter time (UTC+1)")),
]


def is_missing(local: dt.datetime) -> bool:
    """Tell whether the clocks skip this local time, as in a night in March."""
    there_and_back = local.astimezone(dt.UTC).astimezone(local.tzinfo)
    return there_and_back.replace(fold=0) != local.replace(fold=0)


def is_twice(local: dt.datetime) -> bool:
    """Tell whether this local time comes twice, as in a night in October."""
    first, second = local.replace(fold=0), local.replace(fold=1)
    return not is_missing(local) and first.utcoffset() != second.utcoffset()


class ClockInput(forms.TimeInput):
    """A time of day, with seconds only where it has some."""

    def format_value(self, value: Any) -> str | None:
        """Return what the input shows: "17:00", "23:59:59"."""
        text = super().format_value(value)
        return text.removesuffix(":00") if text and text.count(":") > 1 else text


# How people write what is no time of one day alone.
MIDNIGHTS = ("midnight", "24:00", "24:00:00", "24")
# An end at midnight is missed by a day: by whoever takes it for the night after.
ENDS = ("closes", "interest_closes", "expires")


class ClockField(forms.TimeField):
    """A time of day; "midnight" is refused with what to type instead."""

    def to_python(self, value: Any) -> dt.time | None:
        """Return the time, None for nothing typed."""
        if isinstance(value, str) and value.strip().casefold() in MIDNIGHTS:
            raise forms.ValidationError(
                _(
                    "Midnight belongs to two days. Type 23:59:59 for the end of a day, or 00:00 "
                    "for its beginning."
                ),
                code="midnight",
            )
        return super().to_python(value)


def time_field(label: Words, *, missing: Words = "") -> forms.TimeField:
    """Return a field for a time of day on the 24-hour clock; browsers' own may show AM and PM.

    With `missing`, which says how to fill it in, it must not stay empty.
    """
    return ClockField(
        label=label,
        required=bool(missing),
        input_formats=["%H:%M", "%H:%M:%S"],
        widget=ClockInput(format="%H:%M:%S", attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "required": missing,
            "invalid": _("Type the time as hours and minutes, for example 17:00 or 23:59:59."),
        },
    )


class InstantsForm(forms.Form):
    """A form with instants: NAME_day, NAME_time and NAME_fold become NAME_at, in UTC."""

    instants: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Radio buttons that a DST night makes necessary: "opens", "closes".
        self.asks: set[str] = set()
        for name in self.instants:
            if self.initial.get(f"{name}_fold") or self.data.get(f"{name}_fold"):
                self.asks.add(name)

    def clean(self) -> dict[str, Any]:
        """Make instants of days and times, in Brussels time."""
        cleaned = super().clean() or self.cleaned_data
        for name in self.instants:
            cleaned[f"{name}_at"] = self._instant(name)
        return cleaned

    def _instant(self, name: str) -> dt.datetime | None:
        cleaned = self.cleaned_data
        day, time = cleaned.get(f"{name}_day"), cleaned.get(f"{name}_time")
        if f"{name}_day" in self.errors or f"{name}_time" in self.errors:
            return None
        if (day is None) != (time is None):
            missing = f"{name}_time" if time is None else f"{name}_day"
            self.add_error(missing, _("Enter both the day and the time, or neither."))
        if day is None or time is None:
            return None
        is_typed = not self.fields[f"{name}_time"].disabled
        if name in ENDS and time == dt.time.min and is_typed:
            before = day - dt.timedelta(days=1)
            self.add_error(
                f"{name}_time",
                _(
                    "Midnight belongs to two days, and people miss it by one. Type 23:59:59 on the "
                    "day that you mean: %(before)s or %(day)s."
                )
                % {"before": date_format(before), "day": date_format(day)},
            )
            return None
        local = dt.datetime.combine(day, time, tzinfo=BRUSSELS)
        if is_missing(local):
            self.add_error(
                f"{name}_time",
                _(
                    "On %(day)s the clocks go forward in the night and %(time)s does not "
                    "exist. Choose a time before 02:00 or from 03:00 on."
                )
                % {"day": date_format(day), "time": f"{time:%H:%M}"},
            )
            return None
        if is_twice(local):
            self.asks.add(name)
            fold = cleaned.get(f"{name}_fold")
            if not fold:
                self.add_error(
                    f"{name}_fold",
                    _(
                        "On %(day)s the clocks go back in the night and %(time)s comes "
                        "twice. Choose which of the two you mean."
                    )
                    % {"day": date_format(day), "time": f"{time:%H:%M}"},
                )
                return None
            local = local.replace(fold=int(fold))
        else:
            self.asks.discard(name)
        return local.astimezone(dt.UTC)


def local_parts(name: str, instant: dt.datetime | None) -> dict[str, Any]:
    """Return an instant as a form shows it in Brussels: day, time, and which of two."""
    if instant is None:
        return {}
    local = instant.astimezone(BRUSSELS)
    parts = {f"{name}_day": local.date(), f"{name}_time": local.time()}
    if is_twice(local):
        parts[f"{name}_fold"] = str(local.fold)
    return parts
