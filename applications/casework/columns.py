"""What casework brings to the list of staff: who looks after an application, its tags."""

from collections.abc import Sequence
from typing import Any

from django.db.models import (
    CharField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    QuerySet,
    TextField,
    Value,
)
from django.db.models.expressions import Expression
from django.db.models.functions import Coalesce, NullIf
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User, initials_of
from applications.casework.models import CaseOwner, StaffTag, Tagging
from applications.casework.selectors import owned_by, without_owner
from applications.casework.states import SIGNS, Tone
from applications.listing import short
from applications.lists import ListColumn, ListFilter
from applications.models import Application
from applications.selectors.reach import ACTING, office_reaches
from core.kit.people import remember, remembered
from core.kit.templatetags.portal import icon

READS = "casework.list_notes"
ME, NOBODY = "me", "nobody"
# What is remembered of the reader while their list is answered.
_OFFERED = "owners and tags"


def _owners(rows: Sequence[Application], _by: User) -> dict[int, str | SafeString]:
    found = CaseOwner.objects.filter(
        office_reaches("application", "owner", ACTING), application__in=[row.pk for row in rows]
    ).values_list("application", "owner__full_name", "owner__email")
    return {key: short([(name or email, initials_of(name or email))]) for key, name, email in found}


def _tags(rows: Sequence[Application], _by: User) -> dict[int, str | SafeString]:
    found: dict[int, list[SafeString]] = {}
    borne = Tagging.objects.filter(application__in=[row.pk for row in rows]).order_by("tag__folded")
    for key, name, tone in borne.values_list("application", "tag__name", "tag__tone"):
        found.setdefault(key, []).append(_mark(name, tone))
    return {
        key: format_html_join(" ", "{}", ((one,) for one in marks)) for key, marks in found.items()
    }


def _mark(name: str, tone: str) -> SafeString:
    """Return a tag as casework/tag_mark.html draws it, without a template for each of many."""
    sign = SIGNS.get(Tone(tone), "")
    drawn = icon(sign) if sign else ""
    return format_html('<span class="tag staff-tag staff-tag-{}">{}{}</span>', tone, drawn, name)


def _offered(by: User) -> dict[str, list[tuple[str, str]]]:
    """Return who owns something and all tags, by what they are: one query for both filters."""
    known: dict[str, list[tuple[str, str]]] | None = remembered(by, _OFFERED)
    if known is None:
        owning = User.objects.filter(
            Exists(CaseOwner.objects.filter(owner=OuterRef("pk"))),
            is_active=True,
            staff_role__in=ACTING,
        ).exclude(pk=by.pk)
        named = Coalesce(NullIf(F("full_name"), Value("")), F("email"))
        owners = _named(owning, "owner", named, "search_name")
        rows = owners.union(_named(StaffTag.objects.all(), "tag", F("name"), "folded"), all=True)
        known = {"owner": [], "tag": []}
        for what, key, name, _order in sorted(rows, key=lambda row: row[3]):
            known[what].append((str(key), name))
        remember(by, _OFFERED, known)
    return known


def _named(
    rows: "QuerySet[Any]", what: str, name: Expression | F, order: str
) -> "QuerySet[Any, tuple[str, int, str, str]]":
    kind = Value(what, output_field=CharField())
    return rows.order_by().values_list(
        kind, "pk", ExpressionWrapper(name, output_field=TextField()), order
    )


def _owner_choices(by: User) -> list[tuple[str, str]]:
    return [(ME, gettext("Me")), (NOBODY, gettext("Nobody")), *_offered(by)["owner"]]


def _of_owner(rows: "QuerySet[Application]", by: User, value: str) -> "QuerySet[Application]":
    if value == ME:
        return rows.filter(pk__in=owned_by(by).values("application"))
    if value == NOBODY:
        return without_owner(rows)
    owned = CaseOwner.objects.filter(
        office_reaches("application", "owner", ACTING), owner=int(value)
    )
    return rows.filter(pk__in=owned.values("application"))


def _with_tag(rows: "QuerySet[Application]", _by: User, value: str) -> "QuerySet[Application]":
    return rows.filter(pk__in=Tagging.objects.filter(tag=int(value)).values("application"))


COLUMNS = [
    ListColumn("owner", 65, _("Owner"), _owners, permission=READS, is_usual=False),
    ListColumn("tags", 67, _("Tags"), _tags, permission=READS, is_usual=False),
]
FILTERS = [
    ListFilter("owner", _("Owner"), _owner_choices, _of_owner, permission=READS),
    ListFilter("tag", _("Tag"), lambda by: _offered(by)["tag"], _with_tag, permission=READS),
]
