"""What of plans goes along when organisations are merged or split: they hang on a party."""

from collections.abc import Callable, Collection
from typing import Any

from action_plans.models import Plan
from core.duties.catalogue import key_of
from pairings.services.naming import MEMBER


def _mails_about(ids: Collection[int]) -> list[str]:
    """Return the plans of some parties, by their keys."""
    return [key_of(plan) for plan in Plan.objects.filter(member__in=ids)]


MOVE: dict[str, Callable[..., None]] = {}
REFUSE = ()
AFTER = ()
WRITES: dict[str, tuple[str, ...]] = {}
SAME: dict[str, tuple[str, ...]] = {}
HELD: tuple[Any, ...] = ()
PARTS: tuple[Any, ...] = ()
MAILS = {MEMBER: _mails_about}
