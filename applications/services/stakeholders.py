"""The stakeholders of an application, and the signed letters that the city has of them."""

import datetime as dt
from typing import Any, Final

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import User
from applications.models import Application, Stakeholder, SupportLetter
from applications.services.locking import lock_draft, touch
from applications.services.renaming import drop_word, follow_rename
from applications.services.signing import print_of, put_on_file
from applications.states import StakeholderKind
from core.files.services import atomic_with_files
from core.kit.errors import InvalidError
from core.kit.rows import still_there
from core.kit.text import clean_line
from core.kit.writes import clean_text, require_version
from core.trail.services import record_event
from programme.names import skeleton

MOST_STAKEHOLDERS: Final = 20
ROLE_LIMIT: Final = 600


@transaction.atomic
def add_stakeholder(
    *,
    application: Application,
    kind: str,
    name: str,
    role: str,
    by: User,
    contact_name: str = "",
    contact_email: str = "",
) -> Stakeholder:
    """Name an organisation that works on it with the applicant, or backs it.

    Raises InvalidError for one that is named already, one without a role, and too many.
    """
    application = lock_draft(application, by)
    rows = application.stakeholders
    if rows.count() >= MOST_STAKEHOLDERS:
        raise InvalidError(
            _("Name at most %(limit)d organisations. Remove one before you add another.")
            % {"limit": MOST_STAKEHOLDERS},
            field="name",
            code="too_many_stakeholders",
        )
    last = rows.aggregate(last=Max("order"))["last"] or 0
    stakeholder = Stakeholder(
        application=application,
        kind=kind,
        name=name,
        role=role,
        contact_name=contact_name,
        contact_email=contact_email,
        order=last + 1,
    )
    _clean(stakeholder)
    stakeholder.save()
    touch(application)
    _record("stakeholder_added", stakeholder, by)
    return stakeholder


def _clean(stakeholder: Stakeholder) -> None:
    """Clean what was typed; refuse what cannot stand on an application."""
    if stakeholder.kind not in StakeholderKind.values:
        raise InvalidError(_("Choose what kind of organisation it is."), field="kind")
    stakeholder.name = clean_line(stakeholder.name)
    stakeholder.contact_name = clean_line(stakeholder.contact_name)
    if not stakeholder.name:
        raise InvalidError(_("Name the organisation."), field="name")
    others = stakeholder.application.stakeholders.exclude(pk=stakeholder.pk)
    wanted = skeleton(stakeholder.name)
    # The same in letters of another script that look alike is the same.
    found = next((other for other in others if skeleton(other.name) == wanted), None)
    if found is not None:
        raise InvalidError(
            _("%(name)s is already named in this application. Change that entry.")
            % {"name": found.name},
            field="name",
            code="same_stakeholder",
        )
    stakeholder.role = clean_text(
        stakeholder.role,
        field="role",
        limit=ROLE_LIMIT,
        missing=_("Say in a few words what it does, or how it supports you."),
    )


@transaction.atomic
def edit_stakeholder(
    *,
    stakeholder: Stakeholder,
    by: User,
    read_version: int | None = None,
    forget: bool = False,
    **values: str,
) -> Stakeholder:
    """Change a stakeholder; what is not named in `values` stays.

    Raises InvalidError as add_stakeholder does, StaleError when `read_version` is not the
    application's, and what follow_rename raises until `forget` says what shall go.
    """
    application = lock_draft(stakeholder.application, by)
    stakeholder = _fresh(application, stakeholder)
    stored = {name: getattr(stakeholder, name) for name in values}
    if stored == values:
        return stakeholder
    if read_version is not None:
        require_version(application.version, read_version, current=stored)
    before = stakeholder.name
    for name, value in values.items():
        setattr(stakeholder, name, value)
    _clean(stakeholder)
    stakeholder.save()
    went = follow_rename(SupportLetter, stakeholder, before=before, forget=forget)
    touch(application)
    _record("stakeholder_changed", stakeholder, by, **went)
    return stakeholder


@transaction.atomic
def remove_stakeholder(*, stakeholder: Stakeholder, by: User) -> None:
    """Take a stakeholder out of the application, with its letter."""
    application = lock_draft(stakeholder.application, by)
    stakeholder = _fresh(application, stakeholder)
    _record("stakeholder_removed", stakeholder, by, **drop_word(SupportLetter, stakeholder))
    stakeholder.delete()
    touch(application)


@atomic_with_files()
def add_letter(
    *,
    stakeholder: Stakeholder,
    upload: Any,
    signed_by_name: str,
    signed_by_office: str,
    signed_on: dt.date,
    by: User,
) -> SupportLetter:
    """Put the signed letter of a stakeholder on file; a second one replaces the first.

    `upload` is a Django file, or one that a form holds. Raises InvalidError for a file that
    store_file refuses, and for a day that is still to come.
    """
    application = lock_draft(stakeholder.application, by)
    stakeholder = _fresh(application, stakeholder)
    letter = put_on_file(
        SupportLetter,
        stakeholder,
        upload=upload,
        signed_by_name=signed_by_name,
        signed_by_office=signed_by_office,
        signed_on=signed_on,
        by=by,
    )
    touch(application)
    _record("letter_added", stakeholder, by, **print_of(letter))
    return letter


def _fresh(application: Application, stakeholder: Stakeholder) -> Stakeholder:
    found = still_there(application.stakeholders.select_related("letter__file"), stakeholder.pk)
    found.application = application
    return found


def _record(verb: str, stakeholder: Stakeholder, by: User, **details: str) -> None:
    record_event(
        verb=f"application.{verb}",
        target=stakeholder.application,
        by=by,
        details={"stakeholder": stakeholder.name, **details},
    )
