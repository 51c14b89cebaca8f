"""The `plan_tags` library: amounts, tones of states, lines of help."""

from decimal import Decimal
from typing import Any

from django import template

from action_plans.selectors import Money
from core.kit.amounts import money
from questionnaires.states import SectionState

register = template.Library()

TONES = {SectionState.DONE: "success", SectionState.IN_PROGRESS: "progress"}
NAV = {SectionState.DONE: "is-done", SectionState.IN_PROGRESS: "is-wait"}


@register.filter
def amount(money: Money, name: str) -> str:
    """Return one of the amounts of `money` in words: `{{ row.money|amount:"gap" }}`."""
    return money.text(getattr(money, name))


@register.filter
def tone_of(state: Any) -> str:
    """Return the tone of a section's state, for components/status.html."""
    return TONES.get(state, "")


@register.filter
def nav_class(state: Any) -> str:
    """Return the class of a section in the side list."""
    return NAV.get(state, "is-todo")


@register.filter
def first_line(text: str) -> str:
    """Return the first line of a help text."""
    return text.splitlines()[0] if text else ""


@register.filter
def money_in(value: Decimal | None, currency: str) -> str:
    """Return an amount in a currency, in words."""
    return money(value, currency)
