"""Practising on made-up cases: begun, left as they are, begun afresh, taken away."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.kit import days
from core.kit.errors import NotAllowedError, StaleError
from core.kit.writes import require
from iuc_portal.colleagues.models import Practice


def _require(user: User) -> None:
    require(
        user,
        "colleagues.practise",
        otherwise=_("Only who checks applications practises on made-up ones."),
    )


@transaction.atomic
def begin_practice(*, user: User) -> Practice:
    """Give a colleague made-up cases, or the same ones afresh: what was done to them is gone."""
    _require(user)
    afresh: dict[str, Any] = {"rows": [], "roots": [], "begun_at": days.now(), "is_reading": False}
    practice, is_new = Practice.objects.select_for_update().get_or_create(
        person_id=user.pk, defaults=afresh
    )
    if not is_new:
        for name, value in afresh.items():
            setattr(practice, name, value)
        practice.version += 1
        practice.save()
    return practice


@transaction.atomic
def end_practice(*, user: User) -> None:
    """Take the cases away; a second time changes nothing."""
    _require(user)
    Practice.objects.filter(person=user.pk).delete()


@transaction.atomic
def read_in_practice(*, is_reading: bool, user: User) -> None:
    """Let a colleague practise as an assessor, or as what they are again."""
    _require(user)
    Practice.objects.filter(person=user.pk).update(is_reading=is_reading)


@transaction.atomic
def leave_practice(
    *, practice: Practice, rows: list[dict[str, Any]], roots: list[Any], user: User
) -> None:
    """Keep the cases as they stand now.

    Raises StaleError when they were changed in another tab since the practice was read.
    """
    _require(user)
    if practice.person_id != user.pk:
        raise NotAllowedError(_("These cases are a colleague's. Begin to practise on your own."))
    mine = Practice.objects.filter(pk=practice.pk, person=user.pk, version=practice.version)
    found = mine.select_for_update().first()
    if found is None:
        raise StaleError(_("You went on in another tab. Look at the case as it is now."))
    found.rows, found.roots, found.version = rows, roots, practice.version + 1
    found.save(update_fields=["rows", "roots", "version"])
