"""Renaming: a name counts from a day on, and what is past keeps the name of its day."""

import datetime as dt

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from core.duties.services import touch
from core.kit import days
from core.kit.errors import InvalidError, WrongStateError
from core.kit.text import clean_line
from core.kit.writes import clean_reason, clean_text, lock, require
from core.trail.services import record_event
from programme.organisations.following import follow_name
from programme.organisations.models import Organisation, OrganisationName
from programme.organisations.services.organisations import require_no_double

NAME_LIMIT = 200
# A name that counts from a later day is a slip of the keyboard.
LATEST = dt.timedelta(days=3 * 366)


@transaction.atomic
def rename_organisation(
    *,
    organisation: Organisation,
    name: str,
    day: dt.date,
    reason: str,
    by: User,
    differs_because: str = "",
) -> OrganisationName:
    """Say that an organisation is called otherwise from a day on, and why.

    From a day to come it is called so on that day (`call_by_name_of_today`). Saying the same
    twice changes nothing. Raises InvalidError for the name it has then, and for a day before
    the last change of its name, LikelyDoubleError without `differs_because` for a name that
    another one has, or nearly.
    """
    organisation = _lock(organisation, by)
    name, reason = _clean_name(name), _clean_why(reason)
    names = organisation.own_names
    last = names[-1] if names else None
    if last and (last.name, last.from_day) == (name, day):
        return last
    _refuse_day(day, last)
    if name == organisation.name_on(day):
        raise InvalidError(_("It is called so already. Write the new name."), field="name")
    differs_because = _clean_difference(differs_because, name, organisation)
    before = organisation.name_on(day)
    write_first_name(organisation)
    row = _add_name(organisation, name=name, day=day, reason=reason, by=by)
    _bring_up_to_date(organisation)
    record_event(
        verb="organisation.renamed",
        target=organisation,
        by=by,
        reason=reason,
        details={
            "before": before,
            "after": name,
            "from_day": day.isoformat(),
            **_on_record(differs_because),
        },
    )
    return row


@transaction.atomic
def correct_name(
    *,
    row: OrganisationName,
    name: str,
    day: dt.date,
    reason: str,
    by: User,
    differs_because: str = "",
) -> OrganisationName:
    """Put right a name that was mistyped, or its day: what follows is as if typed so at once.

    The first name has no day of its own, so it keeps none. Raises InvalidError for a day that is
    not between the names around it, and LikelyDoubleError as `rename_organisation` does.
    """
    organisation = _lock(row.organisation, by)
    row = _own_row(organisation, row)
    name, reason = _clean_name(name), _clean_why(reason)
    names = organisation.own_names
    at = names.index(row)
    wanted = None if row.from_day is None else day
    if (row.name, row.from_day) == (name, wanted):
        return row
    if wanted is not None:
        _refuse_day(wanted, names[at - 1])
        if len(names) > at + 1 and wanted >= _begin(names[at + 1]):
            raise InvalidError(
                _("Its next name counts from %(day)s: choose an earlier day.")
                % {"day": date_format(_begin(names[at + 1]))},
                field="day",
            )
    for beside in (*names[max(at - 1, 0) : at], *names[at + 1 : at + 2]):
        if beside.name == name:
            raise InvalidError(
                _("It is called so before or after that already. Take the change back instead."),
                field="name",
            )
    if row.name == name:
        differs_because = ""
    else:
        differs_because = _clean_difference(differs_because, name, organisation)
    before = f"{row.name}, {_since(row)}"
    row.name, row.from_day = name, wanted
    row.save()
    _bring_up_to_date(organisation)
    record_event(
        verb="organisation.name_corrected",
        target=organisation,
        by=by,
        reason=reason,
        details={
            "before": before,
            "after": f"{row.name}, {_since(row)}",
            **_on_record(differs_because),
        },
    )
    return row


@transaction.atomic
def take_back_name(*, row: OrganisationName, reason: str, by: User) -> None:
    """Take the last change of a name back: it never was, or will not be.

    Raises WrongStateError for the first name and for one that another followed.
    """
    organisation = _lock(row.organisation, by)
    row, reason = _own_row(organisation, row), _clean_why(reason)
    names = organisation.own_names
    if row.from_day is None or row != names[-1]:
        raise WrongStateError(
            _("Only the last change of a name can be taken back. Correct this one instead."),
            code="not_last",
        )
    before = f"{row.name}, {_since(row)}"
    row.delete()
    _bring_up_to_date(organisation)
    record_event(
        verb="organisation.rename_taken_back",
        target=organisation,
        by=by,
        reason=reason,
        details={"before": before, "after": organisation.name},
    )


def call_by_name_of_today() -> int:
    """Let organisations have the name whose day has come; return how many have one."""
    begun = OrganisationName.objects.filter(from_day__lte=days.today())
    newest = begun.filter(bearer_id=OuterRef("pk")).order_by("-from_day").values("name")[:1]
    due = Organisation.objects.filter(pk__in=begun.order_by().values("bearer_id"))
    called = 0
    for organisation in due.exclude(name=Subquery(newest)).order_by("pk"):
        called += _call_by_name_of_today(organisation)
    return called


@transaction.atomic
def _call_by_name_of_today(organisation: Organisation) -> bool:
    organisation = lock(organisation, "country")
    before = organisation.name
    if organisation.name_on(days.today()) == before:
        return False
    _bring_up_to_date(organisation)
    record_event(
        verb="organisation.name_begun",
        target=organisation,
        by=None,
        details={"before": before, "after": organisation.name},
    )
    return True


def write_first_name(organisation: Organisation, *, name: str = "", by: User | None = None) -> None:
    """Keep what a locked organisation has been called from the beginning, unless that is kept."""
    OrganisationName.objects.get_or_create(
        bearer_id=organisation.pk,
        from_day=None,
        defaults={
            "organisation": organisation,
            "name": name or organisation.name,
            "written_at": organisation.created_at,
            "written_by": by,
        },
    )


def take_name(
    organisation: Organisation, *, name: str, day: dt.date, reason: str, by: User
) -> None:
    """Call a locked organisation otherwise from a day on, as a part of another step.

    That step saves it and lets the rest follow. Changes of its name from that day on give way.
    """
    write_first_name(organisation)
    organisation.names.filter(bearer_id=organisation.pk, from_day__gte=day).delete()
    _add_name(organisation, name=name, day=day, reason=reason, by=by)


def _lock(organisation: Organisation, by: User) -> Organisation:
    organisation = lock(organisation, "country")
    require(
        by,
        "organisations.rename_organisation",
        organisation,
        otherwise=_("Only a coordinator renames organisations. Ask one to do it."),
    )
    return organisation


def _own_row(organisation: Organisation, row: OrganisationName) -> OrganisationName:
    """Return the row as it is now. Raises WrongStateError when it is gone."""
    found = next((own for own in organisation.own_names if own.pk == row.pk), None)
    if found is None:
        raise WrongStateError(
            _("This name was taken back meanwhile. Load the page again."), code="gone"
        )
    return found


def _clean_name(name: str) -> str:
    return clean_text(
        clean_line(name), field="name", limit=NAME_LIMIT, missing=_("Write the new name.")
    )


def _clean_why(reason: str) -> str:
    return clean_reason(reason, missing=_("Write why: it stays on record with the names."))


def _clean_difference(differs_because: str, name: str, organisation: Organisation) -> str:
    """Return why it is none of those that are called so, and keep that with it."""
    found = require_no_double(
        differs_because, name=name, country=organisation.country, but=organisation
    )
    if found:
        organisation.differs_because = found
        organisation.save(update_fields=["differs_because"])
    return found


def _on_record(differs_because: str) -> dict[str, str]:
    return {"differs_because": differs_because} if differs_because else {}


def _refuse_day(day: dt.date, last: OrganisationName | None) -> None:
    """Raise InvalidError for a day that is not after the last change, or far ahead."""
    if last and last.from_day and day <= last.from_day:
        raise InvalidError(
            _("“%(name)s” counts from %(day)s: choose a later day, or correct that change of name.")
            % {"name": last.name, "day": date_format(last.from_day)},
            field="day",
        )
    if day > days.today() + LATEST:
        raise InvalidError(_("Choose a day within the next three years."), field="day")


def _begin(row: OrganisationName) -> dt.date:
    return row.from_day or dt.date.min


def _since(row: OrganisationName) -> str:
    return row.from_day.isoformat() if row.from_day else "–"


def _add_name(
    organisation: Organisation, *, name: str, day: dt.date, reason: str, by: User
) -> OrganisationName:
    return OrganisationName.objects.create(
        organisation=organisation,
        bearer_id=organisation.pk,
        name=name,
        from_day=day,
        reason=reason,
        written_at=days.now(),
        written_by=by,
    )


def _bring_up_to_date(organisation: Organisation) -> None:
    """Write the name of today, and let what holds it follow."""
    organisation.name = organisation.name_on(days.today())
    # A name to come is one that others may have too.
    organisation.compared_as = ""
    organisation.save(update_fields=["name", "search_name", "skeleton", "compared_as"])
    follow_name(organisation)
    touch(organisation)
