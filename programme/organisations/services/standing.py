"""Whether an organisation is what its people say: confirmed, refused, or one that is there."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.duties.catalogue import Ask, find, key_of
from core.duties.services import touch
from core.kit import days
from core.kit.errors import InvalidError, WrongStateError
from core.kit.writes import clean_reason, lock, require
from core.post.mail import send_mail
from core.trail.services import record_event
from programme.organisations.models import Claim, Organisation
from programme.organisations.selectors import leads_of, why_unconfirmed
from programme.organisations.services.claims import ANSWER_DAYS, tell_who_answers
from programme.organisations.services.joining import take_in
from programme.organisations.states import Standing


def require_confirmed(organisation: Organisation) -> None:
    """Raise WrongStateError while staff do not know the organisation for what it says it is."""
    if message := why_unconfirmed(organisation):
        raise WrongStateError(message, code="to_confirm")


def _lock_to_confirm(organisation: Organisation, by: User) -> Organisation:
    organisation = lock(organisation, "country")
    require(
        by,
        "organisations.confirm_organisations",
        organisation,
        otherwise=_("Only the coordination unit confirms organisations. Ask a coordinator."),
    )
    is_stand_in = Claim.objects.filter(stand_in=organisation).exists()
    if organisation.standing != Standing.TO_CONFIRM or is_stand_in:
        raise WrongStateError(
            _("Somebody has decided on %(name)s already. Load the list again.")
            % {"name": organisation.name},
            code="moved_on",
        )
    return organisation


def _tell_leads(organisation: Organisation, template: str, **more: object) -> None:
    for lead in leads_of(organisation):
        send_mail(
            template=template,
            to=lead.email,
            language=lead.language,
            context={"organisation": organisation, "reader": lead, **more},
            about=key_of(organisation),
            owner=key_of(organisation),
        )


@transaction.atomic
def confirm_organisation(*, organisation: Organisation, by: User) -> Organisation:
    """Confirm what people of a city have registered: from now on they can send and invite.

    Their leads are told, and what has been drafted meanwhile and can still be sent.
    """
    organisation = _lock_to_confirm(organisation, by)
    organisation.standing = Standing.CONFIRMED
    organisation.save(update_fields=["standing"])
    touch(organisation)
    record_event(verb="organisation.confirmed", target=organisation, by=by)
    waiting = list(find(Ask(owners={key_of(organisation)})))
    _tell_leads(organisation, "organisation_confirmed", waiting=waiting)
    return organisation


@transaction.atomic
def refuse_organisation(*, organisation: Organisation, reason: str, by: User) -> Organisation:
    """Refuse it with a reason, which its people read: what they wrote stays, and is not sent."""
    organisation = _lock_to_confirm(organisation, by)
    reason = clean_reason(reason, missing=_("Write why it is not confirmed: its people read it."))
    organisation.standing = Standing.REFUSED
    organisation.save(update_fields=["standing"])
    touch(organisation)
    record_event(verb="organisation.refused", target=organisation, by=by, reason=reason)
    _tell_leads(organisation, "organisation_refused", reason=reason)
    return organisation


@transaction.atomic
def mark_as_double(*, organisation: Organisation, of: Organisation, by: User) -> None:
    """Say that what was registered is in the portal already, as `of`.

    Its people then ask to join that one, as if they had done so themselves, and it holds their
    drafts meanwhile. Who belongs to that one already finds the drafts there.
    """
    # In the order of their ids, as everybody locks two of them.
    for each in sorted((organisation, of), key=lambda row: row.pk):
        lock(each)
    organisation, of = _lock_to_confirm(organisation, by), lock(of, "country")
    is_known = Organisation.objects.lasting().filter(pk=of.pk, standing=Standing.CONFIRMED)
    if of.pk == organisation.pk or of.country_id != organisation.country_id or not is_known:
        raise InvalidError(
            _("Choose another organisation of the same country that is confirmed."), field="of"
        )
    record_event(
        verb="organisation.found_double",
        target=organisation,
        by=by,
        details={"organisation": of.name},
    )
    people = list(organisation.memberships.select_related("user"))
    if all(of.memberships.filter(user=row.user_id).exists() for row in people):
        take_in(organisation, of)
        return
    now = days.now()
    for number, row in enumerate(people):
        claim = Claim.objects.create(
            organisation=of,
            person=row.user,
            stand_in=organisation if number == 0 else None,
            office=row.user.job_title or str(row.get_role_display()),
            words=organisation.differs_because,
            answer_by=now + dt.timedelta(days=ANSWER_DAYS),
        )
        touch(claim)
        record_event(verb="claim.asked", target=of, by=row.user, details={"person": str(row.user)})
        tell_who_answers(claim)
        send_mail(
            template="organisation_double",
            to=row.user.email,
            language=row.user.language,
            context={"organisation": organisation, "of": of, "reader": row.user, "claim": claim},
            about=key_of(claim),
            owner=key_of(organisation),
        )
