"""What hangs on the closing time of a call: drafts, those who write them, their reminders."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from applications.eligibility import CallRules, exceeds
from applications.models import Application, ApplicationDocument, Interest, Municipality
from applications.selectors import call_rules, tasks_by_draft
from applications.selectors.interests import has_begun, interest_tasks_by_draft
from applications.selectors.tasks import DECLARATIONS
from applications.states import ApplicationStatus, InterestStatus
from core.duties.catalogue import key_of
from core.kit.rows import in_chunks
from programme.calls.models import Call, OwnClosing
from programme.calls.selectors import (
    Consequence,
    Effect,
    Impact,
    NewRules,
    Readiness,
    RulesImpact,
    Writer,
)
from programme.calls.states import ApplicantSide, Closing
from programme.organisations.models import Membership
from programme.organisations.states import WRITERS
from programme.states import Side

# Where each organisation writes: its name and the page, by its id.
Pages = dict[int, tuple[str, str]]

# Drafts that are read at a time.
BATCH = 200
# A row about an application that was sent and not withdrawn.
SENT = Q(application__submitted_at__isnull=False) & ~Q(
    application__status=ApplicationStatus.WITHDRAWN
)


def add_impact(call: Call, impact: Impact) -> None:
    """Add the drafts with their writers, each person once, and how many were sent; 3 queries."""
    if impact.closing == Closing.FIRST_STAGE:
        _add_writers(call, impact, _pages_of_interests(call, impact))
    else:
        _add_writers(call, impact, _pages_of_invited(call, impact) | _pages_of_drafts(call, impact))


def _applications(call: Call, reader: Any) -> "QuerySet[Application]":
    """Return what the call has, without what is kept from who reads of it."""
    return Application.objects.filter(call=call).without_links_of(reader).order_by()


def _pages_of_drafts(call: Call, impact: Impact) -> Pages:
    """Add the drafts of applications, and return where they are written; two queries."""
    rows, status = _applications(call, impact.reader), ApplicationStatus
    sent = rows.filter(submitted_at__isnull=False).exclude(status=status.WITHDRAWN)
    impact.sent += sent.count()
    impact.kinds.append("reminder_draft_closing")
    drafts = rows.filter(status=status.DRAFT)
    return _pages(impact, drafts, lambda row: reverse("applications:detail", args=[row.key]))


def _pages_of_interests(call: Call, impact: Impact) -> Pages:
    """Add the drafts of expressions of interest, and return where they are written; 2 queries."""
    rows, status = Interest.objects.filter(call=call), InterestStatus
    sent = rows.filter(sent_at__isnull=False).exclude(status=status.WITHDRAWN)
    impact.sent += sent.count()
    impact.kinds.append("reminder_interest_closing")
    drafts = rows.filter(status=status.DRAFT)
    return _pages(impact, drafts, lambda row: reverse("applications:interest", args=[row.pk]))


def _pages(impact: Impact, drafts: "QuerySet[Any]", page: Callable[[Any], str]) -> Pages:
    """Add drafts, and return the page of each under its organisation; one query."""
    found = list(drafts.select_related("organisation"))
    impact.drafts += len(found)
    impact.about += map(key_of, found)
    return {row.organisation_id: (row.organisation.name, page(row)) for row in found}


def _add_writers(call: Call, impact: Impact, pages: Pages) -> None:
    """Add who writes for these organisations, each with all their pages; one query.

    A closing time of an organisation's own is one of the call itself, not of its first stage.
    """
    own = OwnClosing.objects.filter(call=call, organisation=OuterRef("organisation"))
    members = (
        Membership.objects.filter(organisation__in=pages, role__in=WRITERS, user__is_active=True)
        .select_related("user")
        .annotate(own_closing=Subquery(own.order_by("-closes_at").values("closes_at")[:1]))
    )
    found: defaultdict[Any, list[Any]] = defaultdict(list)
    for member in members.order_by("user", "organisation__search_name"):
        found[member.user].append(member)
    for person, theirs in found.items():
        times = [member.own_closing for member in theirs if member.own_closing]
        is_own = impact.closing == Closing.CALL and len(times) == len(theirs)
        shown = tuple(pages[member.organisation_id] for member in theirs)
        impact.writers.append(Writer(person, shown, min(times) if is_own else None))


def add_readiness(call: Call, found: Readiness) -> None:
    """Add how far each draft is; four queries for every `BATCH` of them, two of the first stage."""
    is_first = found.closing == Closing.FIRST_STAGE
    drafts = (
        call.interests.filter(status=InterestStatus.DRAFT).select_related("response")
        if is_first
        else _applications(call, found.reader)
        .filter(status=ApplicationStatus.DRAFT)
        .select_related("call", "organisation", "response")
    )
    rows: Iterator[Any] = in_chunks(drafts, BATCH)
    while batch := list(islice(rows, BATCH)):
        by_draft = interest_tasks_by_draft(batch) if is_first else tasks_by_draft(batch)
        for tasks in by_draft.values():
            # Declaring is sending: without it all can be done.
            asked = [task for task in tasks if task.key != DECLARATIONS]
            found.count(sum(task.is_done for task in asked), len(asked))


def _pages_of_invited(call: Call, impact: Impact) -> Pages:
    """Return where invited cities begin, which the closing time concerns too; one query at most."""
    if not call.is_two_stage:
        return {}
    rows = list(
        Interest.objects.filter(~has_begun(), call=call, status=InterestStatus.INVITED)
        .select_related("organisation")
        .order_by("pk")
    )
    impact.about += map(key_of, rows)
    impact.kinds.append("reminder_interest_invited")
    page = reverse("applications:start", args=[call.slug])
    return {row.organisation_id: (row.organisation.name, page) for row in rows}


def add_tried(call: Call, tried: int | None, effect: Effect) -> None:
    """Add what another number of inhabitants would mean for what was sent; one query."""
    rows = (
        _applications(call, effect.reader)
        .filter(submitted_at__isnull=False)
        .exclude(status=ApplicationStatus.WITHDRAWN)
        # No number is asked of the partner side.
        .filter(organisation__side=Side.EU)
        .annotate(total=Sum("municipalities__population"))
        .order_by()
        .values_list("status", "total")
    )
    now = CallRules(min_population=call.min_population, strict=call.min_population_strict)
    then = CallRules(min_population=tried, strict=call.min_population_strict)
    sent = [(status, total or 0) for status, total in rows]
    refused = [total for status, total in sent if status == ApplicationStatus.INELIGIBLE]
    reached = [total for total in refused if exceeds(then, total) and not exceeds(now, total)]
    lost = [total for _status, total in sent if exceeds(now, total) and not exceeds(then, total)]
    waived = [
        total
        for status, total in sent
        if status not in (ApplicationStatus.INELIGIBLE, ApplicationStatus.SUBMITTED)
        and not exceeds(now, total)
        and exceeds(then, total)
    ]
    effect.facts += [
        (
            _("Refused applications"),
            _("%(count)d of %(all)d would have had enough inhabitants")
            % {"count": len(reached), "all": len(refused)},
        ),
        (
            _("Exceptions"),
            _("%(count)d would not have been needed") % {"count": len(waived)},
        ),
        (
            _("Sent applications"),
            _("%(count)d of %(all)d would no longer have enough")
            % {"count": len(lost), "all": len(sent)},
        ),
    ]


def add_changes(call: Call, new: NewRules, impact: RulesImpact) -> None:
    """Add what changed rules do to drafts, and how many of what was sent named the same.

    Nothing a city chose is dropped: the draft names what is offered no more until the city
    chooses anew. Of drafts only numbers are told: they are the cities' own.
    """
    shown = _applications(call, impact.reader)
    themes = set(call.themes.all()) - set(new.themes)
    countries = set(call.partner_countries.all()) - set(new.partner_countries)
    impact.found += [
        *_gone(shown, "theme", themes, _("The theme “%(name)s” goes: chosen anew by")),
        *_gone(shown, "country", countries, _("The partner country %(name)s goes: chosen anew by")),
    ]
    if call.takes(Side.PARTNER):
        # What partner cities wish for are the countries of Europe.
        european = set(call.eligible_countries.all()) - set(new.eligible_countries)
        words = _("The country %(name)s goes: chosen anew by partner cities in")
        impact.found += [
            row for row in _gone(shown, "country", european, words) if row.drafts or row.sent
        ]
    _add_applicants(call, new, impact, shown)
    _add_documents(call, new, impact, shown)


def _add_documents(
    call: Call, new: NewRules, impact: RulesImpact, shown: "QuerySet[Application]"
) -> None:
    """Add for how many drafts a document more is asked for, or one on file no longer."""
    on_file = {
        key: (drafts, sent)
        for key, drafts, sent in ApplicationDocument.objects.filter(application__in=shown)
        .order_by()
        .values_list("asked__key")
        .annotate(
            drafts=Count("pk", filter=Q(application__status=ApplicationStatus.DRAFT)),
            sent=Count("pk", filter=SENT),
        )
    }
    before = {row.key: row for row in call.documents.asked()}
    writing = shown.filter(status=ApplicationStatus.DRAFT).count()
    for row in new.documents:
        former = before.pop(row.key, None)
        if not row.is_required or (former and former.is_required):
            continue
        drafts, sent = on_file.get(row.key, (0, 0))
        words = _("The document “%(name)s” is asked for: to be put on file by")
        impact.found.append(Consequence(words % {"name": row.title}, writing - drafts, sent))
    for key, gone in before.items():
        words = _("The document “%(name)s” is asked for no longer: to be removed by")
        impact.found.append(Consequence(words % {"name": gone.title}, *on_file.get(key, (0, 0))))


def _gone(
    shown: "QuerySet[Application]", name: str, gone: Iterable[Any], words: str
) -> list[Consequence]:
    """Return for each theme or country that goes how many applications named it; one query."""
    chosen: Any = Application.themes if name == "theme" else Application.partner_countries
    rows = (
        chosen.through.objects.filter(application__in=shown, **{f"{name}__in": list(gone)})
        .order_by()
        .values_list(name)
        .annotate(
            drafts=Count("pk", filter=Q(application__status=ApplicationStatus.DRAFT)),
            sent=Count("pk", filter=SENT),
        )
    )
    counts = {pk: (drafts, sent) for pk, drafts, sent in rows}
    return [
        Consequence(words % {"name": str(row)}, *counts.get(row.pk, (0, 0)))
        for row in sorted(gone, key=str)
    ]


def _drafts_named_twice(shown: "QuerySet[Application]") -> int:
    """Count the drafts that name a municipality which another sent application names; one query.

    Told apart by the place chosen for it, else by its name: enough for a number.
    """
    member = Municipality.objects.filter(application__in=shown)
    same = Q(city=OuterRef("city")) | Q(
        search_name=OuterRef("search_name"), country=OuterRef("country")
    )
    own = Coalesce(OuterRef("application__revises"), OuterRef("application"))
    elsewhere = member.filter(SENT, same).exclude(application=own)
    twice = member.filter(Exists(elsewhere), application__status=ApplicationStatus.DRAFT)
    return twice.values("application").distinct().count()


def _add_applicants(
    call: Call, new: NewRules, impact: RulesImpact, shown: "QuerySet[Application]"
) -> None:
    """Add for how many drafts country, kind or number of inhabitants is no longer enough."""
    drafts = (
        shown.filter(status=ApplicationStatus.DRAFT)
        .annotate(total=Sum("municipalities__population"))
        .order_by()
        .values_list("organisation__side", "organisation__country", "organisation__kind", "total")
    )
    twice = 0
    if new.takes_part_once and not call.takes_part_once:
        twice = _drafts_named_twice(shown)
    before = {side.value: call_rules(call, side) for side in Side}
    after = {side.value: _rules_after(before[side], new) for side in Side}
    lost_side = lost_country = lost_kind = too_small = 0
    for side, country, kind, total in drafts:
        was, will = before[side], after[side]
        lost_side += was.takes_side and not will.takes_side
        lost_country += country in was.countries and country not in will.countries
        lost_kind += kind in was.applicant_kinds and kind not in will.applicant_kinds
        too_small += bool(total) and exceeds(was, total) and not exceeds(will, total)
    impact.found += [
        Consequence(words, count)
        for words, count in (
            (_("A side may apply no more: cannot be sent"), lost_side),
            (_("A country may apply no more: cannot be sent"), lost_country),
            (_("A kind of applicant may apply no more: cannot be sent"), lost_kind),
            (_("More inhabitants are asked for: must give a reason for an exception"), too_small),
            (_("A municipality takes part once: must agree with who has sent"), twice),
        )
        if count
    ]


def _rules_after(before: CallRules, new: NewRules) -> CallRules:
    """Return the rules of a side as they would be."""
    countries = new.partner_countries if before.is_for_partners else new.eligible_countries
    return replace(
        before,
        applicant_kinds=frozenset(new.applicant_kinds),
        countries=frozenset(country.pk for country in countries),
        min_population=None if before.is_for_partners else new.min_population,
        strict=new.strict,
        takes_side=new.applicant_side in (before.side, ApplicantSide.BOTH),
    )
