"""Handing over what is somebody's to do, in one step."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services import lock_people
from core.kit.errors import InvalidError
from core.kit.handovers import items
from core.kit.writes import clean_reason
from core.post.mail import send_mail
from core.trail.services import record_event


@transaction.atomic
def hand_over_work(
    *, person: User, receivers: Mapping[str, User], reason: str, by: User
) -> dict[str, int]:
    """Move what is the person's to who is to have it; return how many rows of each kind.

    `receivers` are by the key of the kind (core.kit.handovers); what is not named stays. All of
    it moves, or nothing: the first refusal of a row is raised at the field of its kind. Each
    receiver gets one mail.
    """
    lock_people(person, *receivers.values(), by=by)
    reason = clean_reason(reason, missing=_("Write the reason in a few words."))
    moved: dict[str, int] = {}
    told: dict[int, list[tuple[str, int]]] = {}
    for item in items():
        to = receivers.get(item.key)
        if to is None:
            continue
        if not item.receivers(person).filter(pk=to.pk).exists():
            raise InvalidError(_("Choose somebody of the list."), field=item.key)
        rows = list(item.rows(person, by))
        for row in rows:
            try:
                item.hand(row=row, to=to, by=by, reason=reason)
            except InvalidError as error:
                raise InvalidError(
                    f"{item.tells(row)}: {error.message}", field=item.key, code=error.code
                ) from error
        if rows:
            moved[item.key] = len(rows)
            told.setdefault(to.pk, []).append((str(item.label), len(rows)))
    if not moved:
        raise InvalidError(_("Choose who takes something of it."))
    people = {to.pk: to for to in receivers.values()}
    record_event(
        verb="colleague.handed_over",
        target=person,
        by=by,
        reason=reason,
        details={
            "handed_over": [
                f"{label}: {number}, {people[pk]}"
                for pk, rows in told.items()
                for label, number in rows
            ]
        },
    )
    for pk in told:
        _tell(people[pk], person, [key for key in moved if receivers[key].pk == pk], moved)
    return moved


def _tell(to: User, person: User, keys: list[str], moved: Mapping[str, int]) -> None:
    got = [(item.label, moved[item.key]) for item in items() if item.key in keys]
    send_mail(
        template="work_handed_over",
        to=to.email,
        language=to.language,
        context={"reader": to, "person": person, "got": got},
        owner=f"person:{to.pk}",
    )
