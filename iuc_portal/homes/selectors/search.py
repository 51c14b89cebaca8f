"""What the console's search finds, in groups; each holds what the person may see."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.models import User
from action_plans.models import Plan
from applications.selectors import search as matching_applications
from applications.selectors import sent_applications
from applications.states import TONES, ApplicationStatus
from core.kit.days import BRUSSELS
from core.kit.errors import Words
from core.kit.text import search_words
from core.kit.wordwise import in_words_or_whole
from core.post.states import OutboxView
from pairings.models import Pairing
from pairings.selectors import with_parties
from pairings.selectors.common import matching as matching_pairings
from programme.organisations.models import Organisation
from programme.organisations.selectors import people
from reminders.selectors import mails_in

# Rows of each group; the lists show the others.
SHOWN = 8
# Shorter words stand in no index of the mails, which are very many.
SHORTEST_IN_MAILS = 3


@dataclass(frozen=True)
class Found:
    """One thing that was found."""

    title: str
    note: str
    url: str
    state: Words = ""
    tone: str = ""


@dataclass(frozen=True)
class Group:
    """What was found of one kind; `all_url` leads to all of it when there is more."""

    label: str
    rows: list[Found]
    all_url: str


def found_in_console(user: User, text: str) -> list[Group]:
    """Return the groups in which something fits every word; a fixed number of queries."""
    if not search_words(text):
        return []
    wanted: list[tuple[str, Callable[[User, str], Group]]] = [
        ("applications.list_applications", _applications),
        ("pairings.list_pairings", _pairings),
        ("action_plans.list_plans", _plans),
        ("organisations.list_organisations", _organisations),
        ("accounts.manage_people", _people),
        ("post.view_outbox", _mails),
    ]
    groups = [find(user, text) for permission, find in wanted if user.has_perm(permission)]
    return [group for group in groups if group.rows]


def _group(
    label: str, rows: Iterable[Any], draw: Callable[[Any], Found], page: str = "", **query: str
) -> Group:
    """Return a group; one row more than it shows has been asked for."""
    found = [draw(row) for row in rows]
    more = f"{reverse(page)}?{urlencode(query)}" if page and len(found) > SHOWN else ""
    return Group(label, found[:SHOWN], more)


def _applications(user: User, text: str) -> Group:
    rows = matching_applications(sent_applications(user), text)
    rows = rows.select_related("organisation__country", "call").defer("search_text")
    return _group(
        _("Applications"),
        rows.order_by("-submitted_at", "-pk")[: SHOWN + 1],
        lambda row: Found(
            title=f"{row.organisation.name} ({row.organisation.country})",
            note=f"{row.reference}, {row.call.title}",
            url=reverse("applications:staff_detail", args=[row.reference]),
            state=row.get_status_display(),
            tone=TONES[ApplicationStatus(row.status)],
        ),
        page="applications:staff_list",
        q=text,
    )


def _pairings(user: User, text: str) -> Group:
    rows = matching_pairings(Pairing.objects.visible_to(user), text)
    return _group(
        _("Pairings"),
        with_parties(rows).order_by("-created_at", "-pk")[: SHOWN + 1],
        lambda row: Found(
            title=row.title,
            note=row.reference,
            url=reverse("pairings:staff_detail", args=[row.reference]),
            state=row.get_status_display(),
            tone=row.tone,
        ),
        page="pairings:staff_list",
        q=text,
    )


def _plans(user: User, text: str) -> Group:
    rows = Plan.objects.visible_to(user).select_related("member__organisation", "member__pairing")
    rows = rows.filter(
        in_words_or_whole(
            text,
            lambda word: (
                Q(reference__icontains=word)
                | Q(member__organisation__search_name__contains=word)
                | Q(member__organisation__in=Organisation.objects.of_place(word).values("pk"))
            ),
        )
    )
    return _group(
        _("Action plans"),
        rows.order_by("-created_at", "-pk")[: SHOWN + 1],
        lambda row: Found(
            title=row.member.organisation.name,
            note=f"{row.reference}, {row.member.pairing.reference}",
            url=reverse("action_plans:plan", args=[row.reference]),
        ),
        page="action_plans:staff_list",
    )


def _organisations(user: User, text: str) -> Group:
    rows = Organisation.objects.visible_to(user).matching(text).select_related("country")
    return _group(
        _("Organisations"),
        rows.order_by("search_name", "pk")[: SHOWN + 1],
        lambda row: Found(
            title=row.name,
            note=f"{row.country}, {row.get_kind_display()}",
            url=reverse("organisations:staff_organisation", args=[row.slug]),
        ),
        page="organisations:staff_organisations",
        q=text,
    )


def _people(_user: User, text: str) -> Group:
    return _group(
        _("People"),
        people(words=text, role="all")[: SHOWN + 1],
        lambda row: Found(
            title=str(row),
            note=", ".join(
                [row.email, *(str(each.organisation) for each in row.memberships.all())]
            ),
            url=reverse("organisations:staff_person", args=[row.pk]),
            state=row.get_staff_role_display() if row.staff_role else "",
        ),
        page="organisations:staff_people",
        q=text,
        role="all",
    )


def _mails(user: User, text: str) -> Group:
    if len(text.strip()) < SHORTEST_IN_MAILS:
        return Group(_("Mails"), [], "")
    return _group(
        _("Mails"),
        # Not their bodies, which are most of what there is.
        mails_in(user, OutboxView.ALL, text).only("subject", "recipient", "status", "created_at")[
            : SHOWN + 1
        ],
        lambda row: Found(
            title=row.subject,
            note=f"{row.recipient}, {date_format(localtime(row.created_at, BRUSSELS))}",
            url=reverse("reminders:mail", args=[row.pk]),
            state=row.get_status_display(),
            tone=row.tone,
        ),
        page="reminders:outbox",
        view=OutboxView.ALL.value,
        q=text,
    )
