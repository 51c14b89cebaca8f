"""Links with applicants: declared before the first look, at any time after, lifted by others."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from applications.assessment.selectors.interests import NAMED, calls_to_declare, named_print
from applications.models import Application, Conflict, Declaration
from applications.services.locking import lock_application
from core.kit import days
from core.kit.errors import NotAllowedError, StaleError, WrongStateError
from core.kit.writes import clean_reason, lock, require
from core.trail.services import record_event
from programme.calls.models import Call

LINK_LIMIT = 400


def _missing() -> str:
    return _("Say in one sentence what links you, and until when.")


@transaction.atomic
def declare_interests(
    *, call: Call, links: Mapping[int, str], by: User, shown: str | None = None
) -> Declaration:
    """Declare which applicants of a call one has a link with: their ids, and why each.

    From then on the person sees what is assigned to them, and nothing of what they named. Links
    declared before stand until they are lifted. `shown` is the print of the applicants that were
    on the page (`named_print`). Raises InvalidError for a link without a reason, StaleError when
    the page showed other applicants.
    """
    require(by, "assessment.assess", otherwise=_("Only assessors declare interests for a call."))
    by = lock(by)
    if not calls_to_declare(by).filter(pk=call.pk).exists():
        raise NotAllowedError(_("This call asks you nothing. Ask the coordination unit."))
    # Before the list is read: what is sent from now on is not covered, and asked about anew.
    now = days.now()
    named = Application.objects.filter(call=call, status__in=NAMED)
    if shown is not None and shown != named_print(named.only("pk", "submitted_at").order_by()):
        raise StaleError(
            _(
                "Not declared yet: the list of applicants has changed since you opened it. Your "
                "ticks are kept. Look through the list again, then declare."
            )
        )
    chosen = named.filter(pk__in=links).select_related("organisation", "call")
    found = {one.pk: one for one in chosen}
    if set(links) - set(found):
        raise WrongStateError(
            _("An applicant has gone from the list meanwhile. Load the page again.")
        )
    for pk, reason in links.items():
        _declare(found[pk], by, reason)
    declaration = Declaration.objects.create(
        assessor=by,
        call=call,
        made_at=now,
        number=Declaration.objects.filter(assessor=by, call=call).count() + 1,
    )
    record_event(
        verb="call.interests_declared",
        target=call,
        by=by,
        details={"version": declaration.number, "links": len(links)},
    )
    return declaration


@transaction.atomic
def declare_link(*, application: Application, reason: str, by: User) -> Conflict:
    """Say that one has a link with an applicant: from then on one sees nothing of it."""
    application = lock_application(application, "assessment.declare_link", by)
    return _declare(application, by, reason)


def _declare(application: Application, person: User, reason: str) -> Conflict:
    reason = clean_reason(reason, missing=_missing(), limit=LINK_LIMIT)
    row, made = Conflict.objects.get_or_create(
        application=application, person=person, lifted_at=None, defaults={"reason": reason}
    )
    if made:
        record_event(verb="application.link_declared", target=application, by=person, reason=reason)
        # Who has written something keeps it, uncounted; whoever has not is simply taken off.
        own = application.assignments.filter(assessor=person, assessment=None)
        if own.delete()[0]:
            record_event(
                verb="application.unassigned",
                target=application,
                by=person,
                details={"assessor": str(person)},
            )
    return row


@transaction.atomic
def lift_link(*, conflict: Conflict, reason: str, by: User) -> Conflict:
    """Lift a link that does not stand in the way after all; never one's own.

    Raises WrongStateError when it was lifted before, InvalidError without a reason.
    """
    conflict = lock(conflict, "application__organisation", "person")
    require(
        by,
        "assessment.lift_link",
        conflict.application,
        otherwise=_("Your role does not allow this. Ask the coordination unit."),
    )
    reason = clean_reason(reason, missing=_("Write why the link does not stand in the way."))
    if conflict.person_id == by.pk:
        raise NotAllowedError(_("Nobody lifts a link of their own. Ask a colleague."))
    if conflict.lifted_at:
        raise WrongStateError(_("This link was lifted before. Load the page again."))
    conflict.lifted_at, conflict.lifted_because, conflict.lifted_by = days.now(), reason, by
    conflict.save(update_fields=["lifted_at", "lifted_because", "lifted_by"])
    record_event(
        verb="application.link_lifted",
        target=conflict.application,
        by=by,
        reason=reason,
        details={"assessor": str(conflict.person)},
    )
    return conflict
