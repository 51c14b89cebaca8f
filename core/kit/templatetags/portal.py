"""The `portal` tag library: icons, captured blocks, navigation, moments."""

import datetime as dt
from collections.abc import Iterator
from functools import cache, lru_cache
from html import unescape
from pathlib import Path
from typing import Any

from django import template
from django.conf import settings
from django.contrib.messages.storage.base import Message
from django.core.paginator import Page
from django.core.signals import setting_changed
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.context import Context
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _

from core.kit import days
from core.kit.clocks import in_brussels
from core.kit.days import BRUSSELS

register = template.Library()


# Django's levels of a message whose notice goes by another name.
NOTICE_KINDS = {"debug": "info", "error": "danger"}


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """Draw an icon of icons.svg beside text; `size` is "", "sm" or "lg"."""
    return _drawn_icon(_icons(), str(name), str(size))


@lru_cache(maxsize=500)
def _drawn_icon(sheet: str, name: str, size: str) -> SafeString:
    """Return an icon as HTML; a page has a hundred of them, and they are few."""
    return format_html(
        '<svg class="icon{}" aria-hidden="true"><use href="{}#i-{}"></use></svg>',
        f" icon-{size}" if size else "",
        sheet,
        name,
    )


@cache
def _icons() -> str:
    """Return the address of the sheet of icons, which stays while the settings do."""
    return static("img/icons.svg")


def _forget_icons(*, setting: str, **_said: Any) -> None:
    if setting in {"STATIC_URL", "STORAGES"}:
        _icons.cache_clear()


setting_changed.connect(_forget_icons)


@register.simple_tag
def brand_mark() -> SafeString:
    """Draw the two linked points of the wordmark."""
    return format_html(
        '<svg class="brand-mark" aria-hidden="true"><use href="{}#mark"></use></svg>',
        _icons(),
    )


class CaptureNode(template.Node):
    """Keeps what its content renders in a variable, stripped."""

    def __init__(self, nodelist: NodeList, name: str) -> None:
        self.nodelist = nodelist
        self.name = name

    def render(self, context: Context) -> SafeString:
        # The content was escaped while it rendered.
        context[self.name] = mark_safe(self.nodelist.render(context).strip())  # noqa: S308
        return SafeString("")


@register.tag
def capture(parser: Parser, token: Token) -> CaptureNode:
    """Keep content: `{% capture rail %}{% block rail %}{% endblock %}{% endcapture %}`."""
    _tag, name = token.split_contents()
    nodelist = parser.parse(("endcapture",))
    parser.delete_first_token()
    return CaptureNode(nodelist, name)


class SlotNode(template.Node):
    """Includes a component with the rendered content as its `content` (plus named values)."""

    def __init__(
        self,
        nodelist: NodeList,
        name: FilterExpression,
        values: dict[str, FilterExpression],
    ) -> None:
        self.nodelist = nodelist
        self.name = name
        self.values = values

    def render(self, context: Context) -> SafeString:
        values = {key: value.resolve(context) for key, value in self.values.items()}
        # The content was escaped while it rendered.
        values["content"] = mark_safe(self.nodelist.render(context))  # noqa: S308
        template: Any = context.template
        component: Any = template.engine.get_template(self.name.resolve(context))
        return component.render(context.new(values))


@register.tag
def slot(parser: Parser, token: Token) -> SlotNode:
    """`{% slot "components/notice.html" kind="info" %}…{% endslot %}`."""
    _tag, name, *pairs = token.split_contents()
    values = dict(pair.split("=", 1) for pair in pairs)
    nodelist = parser.parse(("endslot",))
    parser.delete_first_token()
    compiled = {key: parser.compile_filter(value) for key, value in values.items()}
    return SlotNode(nodelist, parser.compile_filter(name), compiled)


@register.simple_tag(takes_context=True)
def error_prefix(context: Context) -> str:
    """Start the title with "Error: " when the page's form failed.

    Looks at `has_errors`, else at the forms called `form` and `formset`.
    """
    failed = context.get("has_errors")
    for name in ("form", "formset"):
        form: Any = context.get(name)
        if getattr(form, "is_bound", False):
            failed = failed or not form.is_valid()
    return _("Error: ") if failed else ""


@register.simple_tag
def language_names() -> list[tuple[str, str]]:
    """Return the languages, each by the name its speakers give it, whatever language is on."""
    return list(settings.LANGUAGES)


@register.simple_tag
def language_of_words() -> str:
    """Return the language our words come in: English, where the chosen one is not translated.

    A voice that reads English words as Spanish ones is not understood.
    """
    code = get_language() or settings.LANGUAGE_CODE
    return code if _is_translated(code) else settings.LANGUAGE_CODE


@cache
def _is_translated(code: str) -> bool:
    folder = Path("LC_MESSAGES", "django.mo")
    return any((Path(path) / to_locale(code) / folder).exists() for path in settings.LOCALE_PATHS)


@register.simple_tag
def moment(value: dt.datetime | None, style: str = "long") -> SafeString | str:
    """Show an instant in Brussels time, with its zone in words and for machines.

    `style`: for sentences "long" (12 December 2026, 17:00 Brussels time) and "day"
    (12 December 2026), for tables "short" (12 Dec 2026, 17:00) and "short day" (12 Dec 2026).
    """
    if value is None:
        return ""
    local = timezone.localtime(value, BRUSSELS)
    name = "SHORT_DATE_FORMAT" if "short" in style else "DATE_FORMAT"
    text = _day_in_words(local.date(), name, get_language())
    if style == "short":
        text = f"{text}, {date_format(local, 'H:i')}"
    elif style == "long":
        text = in_brussels(value)
    return format_html('<time datetime="{}">{}</time>', local.isoformat(), text)


@lru_cache(maxsize=2_000)
def _day_in_words(day: dt.date, name: str, _language: str | None) -> str:
    """Return a day in one of Django's formats; long lists hold the same days again and again."""
    return date_format(day, name)


@register.simple_tag
def time_left(at: dt.datetime, over: str = "") -> str:
    """Say how long it is until an instant, as countdown.js says it.

    Days are those of `days_or_hours`; below them hours, and minutes on the last day. The second
    of the instant itself still counts as before it.
    """
    now = days.now()
    rest = at - now
    if rest < dt.timedelta(0):
        return over
    if rest < dt.timedelta(minutes=1):
        return _("Less than a minute left")
    whole_days, _hours = days.days_or_hours(at, now)
    if whole_days:
        counted = _("1 day") if whole_days == 1 else _("%(n)s days") % {"n": whole_days}
        return _("%(time)s left") % {"time": counted}
    hours, minutes = divmod(int(rest.total_seconds()) // 60, 60)
    parts = []
    if hours:
        parts.append(_("1 hour") if hours == 1 else _("%(n)s hours") % {"n": hours})
    if minutes and not rest.days:
        parts.append(_("1 minute") if minutes == 1 else _("%(n)s minutes") % {"n": minutes})
    return _("%(time)s left") % {"time": ", ".join(parts)}


@register.filter
def page_range(page: Page) -> Iterator[str | int]:
    """Return the page numbers to show, with gaps in long lists."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)


@register.simple_tag
def server_now() -> str:
    """Return the server's time for scripts, so that a wrong clock at the reader's does no harm."""
    return days.now().isoformat()


@register.filter
def iso(value: dt.datetime | None) -> str:
    """Return an instant as scripts read it."""
    return value.isoformat() if value else ""


@register.filter
def notice_kind(message: Message) -> str:
    """Return the kind of notice (of components/notice.html) that a message is drawn as."""
    return NOTICE_KINDS.get(message.level_tag, message.level_tag)


@register.filter
def short_text(markup: str, most: int) -> str:
    """Return escaped text as plain text of at most so many letters, cut between words.

    What was escaped counts as what it stands for, and is escaped again where it is written.
    """
    text = " ".join(unescape(markup).split())
    return text if len(text) <= most else text[: most - 1].rsplit(" ", 1)[0].rstrip(",;:") + "…"


@register.filter
def badge_letters(name: Any) -> str:
    """Return the two letters of a city's badge: "Dubrovnik" gives DU, "Panaji-Goa" PG."""
    words = [word for word in str(name).replace("-", " ").split() if word[:1].isalpha()]
    if not words:
        return "?"
    letters = words[0][:2] if len(words) == 1 else words[0][0] + words[1][0]
    return letters.upper()
