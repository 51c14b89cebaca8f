"""What drafts name and have on file: wishes and documents beside what calls offer and ask for."""

from collections.abc import Collection
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Lower

from applications.models import Application, ApplicationDocument, Challenge, Stakeholder
from applications.models import Wish as NamedWish
from applications.selectors.facts import people_outside, shown_names
from applications.states import Direction
from programme.calls.models import Call

THEME, COUNTRY, OFFER, OUTSIDE, NAMED = "theme", "country", "offer", "outside", "named"
STAKEHOLDER = "stakeholder"
# Sorted, they stand in the order in which they are told.
REQUIRED, OPTIONAL, NOTHING_ON_FILE = "document", "document_optional", "none"


@dataclass(frozen=True)
class Wish:
    """Something that was chosen, and whether the call still offers it."""

    name: str
    is_offered: bool


@dataclass(frozen=True)
class OnFile:
    """A document that the call asks for (`is_asked`), or one on file that it has asked for.

    `scan` is the scanner's word on what is on file; None while nothing is.
    """

    title: str
    is_asked: bool
    is_required: bool
    scan: str | None


@dataclass
class Wishes:
    """What one draft wishes for, whom it names and what it has on file, in the form's order."""

    themes: list[Wish] = field(default_factory=list)
    countries: list[Wish] = field(default_factory=list)
    # Main topics, by direction.
    topics: dict[str, list[Wish]] = field(
        default_factory=lambda: {direction.value: [] for direction in Direction}
    )
    # Cities and organisations wished for by name.
    named: list[Wish] = field(default_factory=list)
    # Who works on it with the applicant, or backs it.
    stakeholders: list[str] = field(default_factory=list)
    documents: list[OnFile] = field(default_factory=list)
    # Whether the call offers themes at all.
    has_themes: bool = False
    # Name of a contact that has an account but is not in the organisation's team.
    contact_outside: str = ""


def wishes_of(applications: Collection[Application]) -> dict[int, Wishes]:
    """Return by id what these applications wish for; one query for all."""
    found = {one.pk: Wishes() for one in applications}
    if not found:
        return found
    rows = _chosen(THEME, found).union(
        _chosen(COUNTRY, found),
        _offers(found),
        _outside(found),
        _topics(found),
        _named(found),
        _stakeholders(found),
        _documents(found),
    )
    for pk, what, _order, said, name, is_offered in sorted(rows):
        wishes = found[pk]
        if what == THEME:
            wishes.themes.append(Wish(name, bool(is_offered)))
        elif what == COUNTRY:
            wishes.countries.append(Wish(name, bool(is_offered)))
        elif what in wishes.topics:
            wishes.topics[what].append(Wish(name, bool(is_offered)))
        elif what == NAMED:
            wishes.named.append(Wish(name, bool(is_offered)))
        elif what == STAKEHOLDER:
            wishes.stakeholders.append(name)
        elif what in (REQUIRED, OPTIONAL):
            scan = None if said == NOTHING_ON_FILE else said
            wishes.documents.append(OnFile(name, bool(is_offered), what == REQUIRED, scan))
        elif what == OFFER:
            wishes.has_themes = True
        else:
            wishes.contact_outside = name
    return found


def _chosen(what: str, ids: Collection[int]) -> "QuerySet[Any, Any]":
    """Return the chosen themes or countries with what sorts them."""
    chosen: Any = Application.themes if what == THEME else Application.partner_countries
    # Each side wishes for the countries of the other; none is on both.
    countries: list[Any] = [Call.partner_countries, Call.eligible_countries]
    offered: list[Any] = [Call.themes] if what == THEME else countries
    of_call = {"call": OuterRef("application__call"), what: OuterRef(what)}
    still = reduce(or_, (Exists(one.through.objects.filter(**of_call)) for one in offered))
    rows: QuerySet[Any, Any] = chosen.through.objects.filter(application__in=ids)
    return rows.order_by().values_list(
        "application_id",
        _text(what),
        F("theme__order") if what == THEME else _number(),
        F("theme__name") if what == THEME else F("country__search_name"),
        F(f"{what}__name"),
        _yes_if(still),
    )


def _topics(ids: Collection[int]) -> "QuerySet[Any, Any]":
    """Return the main topics of the profiles; a call that offers themes offers those of its own."""
    themes: Any = Call.themes
    of_call = themes.through.objects.filter(call=OuterRef("application__call"))
    still = Exists(of_call.filter(theme=OuterRef("topic__theme"))) | ~Exists(of_call)
    rows = Challenge.objects.filter(application__in=ids).order_by()
    return rows.values_list(
        "application_id", F("direction"), F("order"), _text(""), F("topic__name"), _yes_if(still)
    )


def _named(ids: Collection[int]) -> "QuerySet[Any, Any]":
    """Return what is wished for by name; a call that names countries looks for partners there."""
    countries: Any = Call.partner_countries
    sides: Any = Call.eligible_countries
    of_call = {"call": OuterRef("application__call")}
    country = Coalesce("city__country", "organisation__country")
    still = (
        Exists(countries.through.objects.filter(country=OuterRef("land"), **of_call))
        | Exists(sides.through.objects.filter(country=OuterRef("land"), **of_call))
        | ~Exists(countries.through.objects.filter(**of_call))
    )
    rows = NamedWish.objects.filter(application__in=ids, is_wanted=True).order_by()
    return rows.annotate(land=country).values_list(
        "application_id",
        _text(NAMED),
        F("order"),
        _text(""),
        Coalesce("city__name", "organisation__name", output_field=CharField()),
        _yes_if(still),
    )


def _stakeholders(ids: Collection[int]) -> "QuerySet[Any, Any]":
    """Return who is named as a stakeholder, in their order."""
    rows = Stakeholder.objects.filter(application__in=ids).order_by()
    yes = Value(True, output_field=BooleanField())  # noqa: FBT003 - a value of SQL
    return rows.values_list(
        "application_id", _text(STAKEHOLDER), F("order"), _text(""), F("name"), yes
    )


def _documents(ids: Collection[int]) -> "QuerySet[Any, Any]":
    """Return what the calls ask for, and what is on file that they ask for no longer."""
    on_file = ApplicationDocument.objects.filter(
        application=OuterRef("pk"), asked=OuterRef("call__documents")
    )
    scan = Coalesce(
        Subquery(on_file.values("file__scan")[:1]),
        Value(NOTHING_ON_FILE),
        output_field=CharField(),
    )
    what = Case(
        When(call__documents__is_required=True, then=_text(REQUIRED)), default=_text(OPTIONAL)
    )
    rows = Application.objects.filter(
        Q(call__documents__is_asked=True) | Exists(on_file),
        pk__in=ids,
        call__documents__isnull=False,
    )
    return rows.order_by().values_list(
        "pk",
        what,
        F("call__documents__order"),
        scan,
        F("call__documents__title"),
        _yes_if(Q(call__documents__is_asked=True)),
    )


def _yes_if(condition: Any) -> Case:
    yes, no = (Value(value, output_field=BooleanField()) for value in (True, False))
    return Case(When(condition, then=yes), default=no)


def _offers(ids: Collection[int]) -> "QuerySet[Any, Any]":
    """Return one row for each whose call offers themes."""
    themes: Any = Call.themes
    offers = themes.through.objects.filter(call=OuterRef("call"))
    return _rows(ids, OFFER, _text("")).filter(Exists(offers))


def _outside(ids: Collection[int]) -> "QuerySet[Any, Any]":
    """Return one row for each of whose contacts one is not in the team."""
    emails = (Lower(OuterRef("contact_email")), Lower(OuterRef("deputy_email")))
    people = people_outside(emails, OuterRef(OuterRef("organisation")))
    return _rows(ids, OUTSIDE, Subquery(shown_names(people)[:1])).filter(Exists(people))


def _rows(ids: Collection[int], what: str, name: Any) -> "QuerySet[Any, Any]":
    rows = Application.objects.filter(pk__in=ids).order_by()
    yes = Value(True, output_field=BooleanField())  # noqa: FBT003 - a value of SQL
    return rows.values_list("pk", _text(what), _number(), _text(""), name, yes)


def _text(value: str) -> Value:
    return Value(value, output_field=CharField())


def _number() -> Value:
    return Value(0, output_field=IntegerField())
