"""Telling the readers of the catalogue that a date has changed."""

from collections.abc import Iterable

from django.db.models import Model

from core.duties.catalogue import key_of
from core.duties.models import Touch


def touch(*things: Model) -> None:
    """Let the next look find the duties about these things, whenever they are due.

    Whoever makes or moves a date calls it inside the transaction of the change. What nobody
    touched is found by the full look, an hour later at most.
    """
    touch_keys(key_of(thing) for thing in things)


def touch_keys(keys: Iterable[str]) -> None:
    """Do as `touch` for things that are known by their keys alone."""
    Touch.objects.bulk_create([Touch(about=key) for key in keys])


def forget(touches: Iterable[Touch]) -> None:
    """Drop touches that were looked at; those that came meanwhile stay."""
    Touch.objects.filter(pk__in=[each.pk for each in touches]).delete()
