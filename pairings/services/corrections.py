"""What staff change of a pairing that cities answer: its topics, its reason, its dates."""

import datetime as dt
from collections.abc import Iterable
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from core.duties.catalogue import key_of
from core.duties.services import touch
from core.kit import days
from core.kit.days import BRUSSELS
from core.kit.errors import InvalidError, WrongStateError
from core.kit.text import clean_line
from core.kit.writes import clean_reason, clean_text, require_version
from core.post.services import withdraw_mails
from core.trail.services import record_event
from pairings.models import Amendment, Pairing
from pairings.models.amending import ACCEPT_BY, REASON, SIGN_BY, TOPICS, in_words
from pairings.services.common import locked, require_right
from pairings.services.mails import ASKING, tell_parties
from pairings.states import PairingStatus, PartyAnswer
from pairings.timetable import OFFICE_CLOSES
from programme.models import Topic

S = PairingStatus
NAME_LIMIT: Final = 120
# One reminder by hand a day: more of them help nobody.
BETWEEN_REMINDERS = dt.timedelta(hours=24)


@transaction.atomic
def correct_proposal(
    *,
    pairing: Pairing,
    topics: Iterable[Topic],
    reason: str,
    answer_by: dt.date,
    read_version: int,
    by: User,
) -> Pairing:
    """Put right what a proposal says while no city has answered it; all of them are told.

    What is said then counts as the proposal: a mail that still waits with the old words is taken
    back. Raises WrongStateError (code "answered") after the first answer: then it is amended.
    """
    pairing = _read(pairing, "pairings.correct_pairing", read_version, by)
    _require_proposed(pairing)
    if pairing.members.exclude(answer=PartyAnswer.PENDING).exists():
        raise WrongStateError(
            _(
                "A city has answered meanwhile, so what it answered stays as it was. Open the "
                "page again: what you change is then told as an amendment."
            ),
            code="answered",
        )
    changes = _changes(pairing, topics, reason, ACCEPT_BY, answer_by)
    if not changes:
        return pairing
    _write(pairing, topics, changes)
    record_event(verb="pairing.corrected", target=pairing, by=by, details=_recorded(changes))
    _take_back(pairing, _("The proposal was corrected."))
    tell_parties(template="pairing_corrected", pairing=pairing, members=pairing.members.all())
    return pairing


@transaction.atomic
def amend_pairing(
    *,
    pairing: Pairing,
    name: str,
    why: str,
    topics: Iterable[Topic],
    reason: str,
    due_on: dt.date | None,
    read_version: int,
    by: User,
) -> Amendment:
    """Change what a pairing says after an answer, by a named amendment that all parties read.

    `due_on` is the day of the answers while it is proposed, of the signatures once it is accepted,
    and None once it runs. Raises InvalidError where nothing differs or a word is missing.
    """
    pairing = _read(pairing, "pairings.correct_pairing", read_version, by)
    if pairing.status not in (S.PROPOSED, S.ACCEPTED, S.RUNNING):
        raise _closed(pairing)
    name = clean_text(
        clean_line(name),
        field="name",
        limit=NAME_LIMIT,
        missing=_("Give the amendment a name, for example “Another topic”."),
    )
    why = clean_text(
        why,
        field="why",
        limit=3000,
        missing=_("Write why it changes. Every city of the pairing reads it."),
    )
    date = {S.PROPOSED: ACCEPT_BY, S.ACCEPTED: SIGN_BY}.get(S(pairing.status), "")
    changes = _changes(pairing, topics, reason, date, due_on)
    if not changes:
        raise InvalidError(_("Nothing differs from how it stands. Change something first."))
    _write(pairing, topics, changes)
    amendment = Amendment.objects.create(
        pairing=pairing,
        number=pairing.amendments.next_number(),
        name=name,
        words=why,
        changes=changes,
        at=days.now(),
        by=by,
    )
    details = {"amendment": name, **_recorded(changes)}
    record_event(verb="pairing.amended", target=pairing, by=by, reason=why, details=details)
    _take_back(pairing, _("The pairing was amended."))
    tell_parties(
        template="pairing_amended",
        pairing=pairing,
        members=pairing.members.all(),
        context={"amendment": amendment},
    )
    return amendment


@transaction.atomic
def prolong_proposal(*, pairing: Pairing, answer_by: dt.date, by: User) -> Pairing:
    """Give the cities of a proposal more time to answer, also when their day has passed.

    Whoever has not answered is told the new date; reminders follow it.
    """
    pairing = locked(pairing.pk)
    require_right(by, "pairings.follow_up_proposal", pairing)
    _require_proposed(pairing)
    until = _to_come(answer_by, "answer_by")
    if pairing.accept_by and until <= pairing.accept_by:
        if until == pairing.accept_by:
            return pairing
        raise InvalidError(
            _("The cities count on %(date)s. Set a later day.") % {"date": _in_words(pairing)},
            field="answer_by",
        )
    before, pairing.accept_by = pairing.accept_by, until
    pairing.version += 1
    pairing.save(update_fields=["accept_by", "version"])
    touch(pairing, *pairing.members.all())
    record_event(
        verb="pairing.prolonged",
        target=pairing,
        by=by,
        details={
            "from": before.astimezone(BRUSSELS).date().isoformat() if before else "",
            "to": answer_by.isoformat(),
        },
    )
    _take_back(pairing, _("The proposal has another date."))
    tell_parties(template="pairing_prolonged", pairing=pairing, members=_awaited(pairing))
    return pairing


@transaction.atomic
def remind_parties(*, pairing: Pairing, by: User) -> Pairing:
    """Write at once to the parties that have not answered; once a day at most."""
    pairing = locked(pairing.pk)
    require_right(by, "pairings.follow_up_proposal", pairing)
    _require_proposed(pairing)
    last = pairing.reminded_at
    if last and days.now() < last + BETWEEN_REMINDERS:
        at = date_format(timezone.localtime(last, BRUSSELS), "DATETIME_FORMAT")
        raise WrongStateError(
            _("They were reminded at %(at)s. One reminder a day is enough: write again tomorrow.")
            % {"at": at},
            code="reminded",
        )
    pairing.reminded_at = days.now()
    pairing.save(update_fields=["reminded_at"])
    awaited = list(_awaited(pairing))
    names = [member.name for member in awaited]
    record_event(verb="pairing.reminded", target=pairing, by=by, details={"parties": names})
    tell_parties(template="pairing_reminded", pairing=pairing, members=awaited)
    return pairing


def _recorded(changes: dict[str, list[Any]]) -> dict[str, Any]:
    """Return what was changed as the record keeps it, in the language of the house."""
    with override(settings.LANGUAGE_CODE):
        return {"changes": {one.label: [one.before, one.after] for one in in_words(changes)}}


def _read(pairing: Pairing, permission: str, read_version: int, by: User) -> Pairing:
    pairing = locked(pairing.pk)
    require_right(by, permission, pairing)
    require_version(
        pairing.version,
        read_version,
        current=pairing,
        otherwise=_(
            "A colleague changed this while you were writing. How it stands now is shown above "
            "your text: send it again if it shall count."
        ),
    )
    return pairing


def _awaited(pairing: Pairing) -> Any:
    return pairing.members.filter(answer=PartyAnswer.PENDING).select_related("organisation")


def _require_proposed(pairing: Pairing) -> None:
    if pairing.status != S.PROPOSED:
        raise _closed(pairing)


def _closed(pairing: Pairing) -> WrongStateError:
    return WrongStateError(
        _("This is not possible any more: it is “%(status)s”. Open it to see what happened.")
        % {"status": pairing.get_status_display()},
        code="not_open",
    )


def _to_come(day: dt.date, field: str) -> dt.datetime:
    """Return the close of the Brussels office on a day; InvalidError unless it is to come."""
    at = dt.datetime.combine(day, OFFICE_CLOSES, tzinfo=BRUSSELS)
    if at <= days.now():
        raise InvalidError(_("Set a day that is still to come."), field=field)
    return at


def _changes(
    pairing: Pairing, topics: Iterable[Topic], reason: str, date: str, day: dt.date | None
) -> dict[str, list[Any]]:
    """Return by key what differs from how it stands: what was, and what shall be."""
    after = sorted(topic.name for topic in topics)
    if not after:
        raise InvalidError(_("Choose at least one topic to work on."), field="topics")
    reason = clean_reason(
        reason, missing=_("Write why these cities fit together. The cities read it.")
    )
    found: dict[str, list[Any]] = {}
    if (before := sorted(topic.name for topic in pairing.topics.all())) != after:
        found[TOPICS] = [before, after]
    if reason != pairing.reason:
        found[REASON] = [pairing.reason, reason]
    was: dt.datetime | None = getattr(pairing, date) if date else None
    if day and date and (was is None or was.astimezone(BRUSSELS).date() != day):
        field = "answer_by" if date == ACCEPT_BY else "due_on"
        found[date] = [was.isoformat() if was else "", _to_come(day, field).isoformat()]
    return found


def _write(pairing: Pairing, topics: Iterable[Topic], changes: dict[str, list[Any]]) -> None:
    pairing.version += 1
    fields = ["version"]
    if TOPICS in changes:
        pairing.topics.set(topics)
    if REASON in changes:
        pairing.reason = changes[REASON][1]
        fields.append(REASON)
    for date in (ACCEPT_BY, SIGN_BY):
        if date in changes:
            setattr(pairing, date, dt.datetime.fromisoformat(changes[date][1]))
            fields.append(date)
    pairing.save(update_fields=fields)
    touch(pairing, *pairing.members.all())


def _take_back(pairing: Pairing, why: str) -> None:
    """Take back what asks in words that no longer hold; what the parties were reminded of, too."""
    about = [key_of(pairing), *(key_of(member) for member in pairing.members.all())]
    withdraw_mails(about=about, why=why, kinds=[*ASKING, "reminder_acceptance"])


def _in_words(pairing: Pairing) -> str:
    at = timezone.localtime(pairing.accept_by or days.now(), BRUSSELS)
    return date_format(at, "DATETIME_FORMAT")
