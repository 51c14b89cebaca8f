"""Writes on people and the audit trail."""

from collections.abc import Mapping
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.looking import LASTS, ROLES, Looking
from accounts.models import User
from accounts.selectors import coordinators
from accounts.states import StaffRole
from core.kit import days
from core.kit.errors import InvalidError, NotAllowedError, WrongStateError
from core.kit.text import clean_line
from core.kit.writes import clean_reason, lock, require
from core.post.mail import send_mail
from core.post.services import withdraw_mails
from core.trail.services import record_event


@transaction.atomic
def create_person(
    *, email: str, full_name: str, password: str | None = None, **fields: Any
) -> User:
    """Create a person whose address counts as verified, for commands and demo data.

    People themselves sign up through the pages of sign-in.
    """
    user = User.objects.create_user(email, password, full_name=full_name, **fields)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@transaction.atomic
def update_own_account(
    *, user: User, full_name: str, job_title: str, phone: str, language: str
) -> User:
    """Change what people say of themselves. Address and password have their own pages.

    The audit trail names the fields, never what was in them.
    """
    user = lock(user)
    wanted = {
        "full_name": clean_line(full_name),
        "job_title": clean_line(job_title),
        "phone": clean_line(phone),
        "language": language,
    }
    changed = [name for name, value in wanted.items() if getattr(user, name) != value]
    if not changed:
        return user
    for name in changed:
        setattr(user, name, wanted[name])
    user.save(update_fields=changed)
    record_event(verb="person.details_changed", target=user, by=user, details={"fields": changed})
    return user


def lock_people(*people: User, by: User) -> dict[int, User]:
    """Return these people by their id, locked together with all coordinators and who asks.

    Every change of rights takes the same locks in the same order and asks then whether who
    makes it still may, so that two coordinators cannot take each other's rights away in the
    same moment.
    """
    unit = User.objects.filter(staff_role=StaffRole.COORDINATOR)
    everybody = unit | User.objects.filter(pk__in=[by.pk, *(each.pk for each in people)])
    # Their keys stay: whoever saves something that refers to one of them does not wait.
    rows = everybody.select_for_update(no_key=True).order_by("pk")
    locked = {user.pk: user for user in rows}
    require(
        locked.get(by.pk, by),
        "accounts.manage_people",
        otherwise=_("Only coordinators manage people and rights. Ask one of them."),
    )
    return locked


def _lock_person(person: User, by: User) -> User:
    return lock_people(person, by=by)[person.pk]


def _keep_one_coordinator(person: User) -> None:
    """Refuse to lose the last coordinator who can sign in."""
    if set(coordinators().values_list("pk", flat=True)) == {person.pk}:
        raise WrongStateError(
            _("%(name)s is the last coordinator. Make somebody else a coordinator first.")
            % {"name": person},
            field="role",
            code="last_coordinator",
        )


@transaction.atomic
def set_staff_role(*, person: User, role: str, by: User) -> User:
    """Give a person a staff role, or none. Raises WrongStateError for the last coordinator."""
    person = _lock_person(person, by)
    if person.staff_role == role:
        return person
    if role != StaffRole.COORDINATOR:
        _keep_one_coordinator(person)
        # The Django admin and its all-round rights are for coordinators.
        person.is_staff = person.is_superuser = False
    return write_role(person=person, role=role, actor=by)


def write_role(*, person: User, role: str, actor: User) -> User:
    """Write a staff role and its record; whoever calls has the right and the lock."""
    before, person.staff_role = person.get_staff_role_display(), role
    person.save(update_fields=["staff_role", "is_staff", "is_superuser"])
    record_event(
        verb="person.role_set",
        target=person,
        by=actor,
        details={"before": str(before), "after": str(person.get_staff_role_display())},
    )
    return person


def end_sessions(*, user: User) -> None:
    """Sign a person out everywhere."""
    for session in UserSession.objects.filter(user=user):
        session.end()


@transaction.atomic
def deactivate_person(*, person: User, reason: str, by: User) -> User:
    """Stop a person from signing in and end what sessions they have.

    Memberships stay, so that the account can be opened again as it was.
    """
    person = _lock_person(person, by)
    reason = clean_reason(reason, missing=_("Write the reason in a few words."))
    if not person.is_active:
        return person
    _keep_one_coordinator(person)
    person.is_active = False
    person.save(update_fields=["is_active"])
    end_sessions(user=person)
    withdraw_mails(recipient=person.email, why=_("The account of its reader was closed."))
    record_event(verb="person.deactivated", target=person, by=by, reason=reason)
    return person


@transaction.atomic
def reactivate_person(*, person: User, by: User) -> User:
    """Let a person sign in again."""
    person = _lock_person(person, by)
    if person.is_active:
        return person
    person.is_active = True
    person.save(update_fields=["is_active"])
    record_event(verb="person.reactivated", target=person, by=by)
    return person


@transaction.atomic
def reset_second_factor(*, person: User, reason: str, by: User) -> User:
    """Take a lost second factor away, end all sessions, and tell the person by mail.

    Nobody does it for themselves: whoever holds their session would be rid of it. Raises
    NotAllowedError for that, WrongStateError where there is none.
    """
    person = _lock_person(person, by)
    reason = clean_reason(reason, missing=_("Write the reason in a few words."))
    if person.pk == by.pk:
        raise NotAllowedError(
            _("Nobody takes away their own second factor. Ask another coordinator.")
        )
    gone, _rows = Authenticator.objects.filter(user=person).delete()
    if not gone:
        raise WrongStateError(
            _("%(name)s has no second factor. Ask them to sign in and set one up.")
            % {"name": person}
        )
    end_sessions(user=person)
    record_event(verb="person.second_factor_reset", target=person, by=by, reason=reason)
    send_mail(
        template="second_factor_reset",
        to=person.email,
        language=person.language,
        context={"person": person, "by": by, "reason": reason, "at": days.now()},
    )
    return person


@transaction.atomic
def start_looking(*, role: str, countries: Mapping[str, str], by: User) -> Looking:
    """Begin to look as a role, a desk with countries (codes with names); it is on record.

    The caller keeps in the session what is returned.
    """
    require(
        by,
        "accounts.view_as",
        otherwise=_("Only coordinators look as another role. Ask one of them."),
    )
    by = lock_people(by=by)[by.pk]
    if role not in ROLES:
        raise InvalidError(_("Choose a role of the list."), field="role")
    is_desk = role == StaffRole.REGIONAL_DESK
    looking = Looking(role, days.now() + LASTS, dict(countries) if is_desk else {})
    record_event(
        verb="person.looked_as",
        target=by,
        by=by,
        details={"looked_as": _on_record(looking), "looks_until": _minute(looking)},
    )
    return looking


def _minute(looking: Looking) -> str:
    return f"{looking.until.astimezone(days.BRUSSELS):%Y-%m-%d %H:%M}"


@transaction.atomic
def end_looking(*, looking: Looking, ended: str, user: User) -> None:
    """Record that somebody looks as a role no more; `ended` is a word of trail.WORDS."""
    # As they are stored: the person of the request may still look as the role.
    person = User.objects.get(pk=user.pk)
    record_event(
        verb="person.looked_back",
        target=person,
        by=person,
        details={"looked_as": _on_record(looking), "ended": ended},
    )


def _on_record(looking: Looking) -> str:
    """Return role and countries as the record keeps them, whoever's language it is."""
    with translation.override(settings.LANGUAGE_CODE):
        return str(looking)


@transaction.atomic
def delete_person(*, person: User) -> None:
    """Remove an account for good; the audit trail keeps the name of who acted.

    Callers check what hangs on the person in the apps above.
    """
    end_sessions(user=person)
    withdraw_mails(recipient=person.email, why=_("The account of its reader was deleted."))
    record_event(verb="person.deleted", target=person, by=person)
    person.delete()
