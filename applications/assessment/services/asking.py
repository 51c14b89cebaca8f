"""Asking assessors to declare their interests: one mail each, taken back when it closes."""

from django.utils.translation import gettext as _

from accounts.selectors import staff_who_get_mail
from accounts.states import StaffRole
from applications.assessment.models import Asked, AssessmentPlan
from core.duties.catalogue import key_of
from core.kit import days
from core.post.mail import send_mail
from core.post.models import Mail
from core.post.services import withdraw_mails
from core.post.states import MailStatus

OPENED = "assessment_opened"


def ask_to_declare(plan: AssessmentPlan) -> int:
    """Ask each assessor who was not asked and has not declared; return how many that were.

    For who holds the lock of the call, inside their transaction.
    """
    _forget_unsent(plan)
    people = list(
        staff_who_get_mail(StaffRole.ASSESSOR)
        .exclude(pk__in=plan.asked.values("assessor"))
        .exclude(declarations__call=plan.call_id)
    )
    at = days.now()
    Asked.objects.bulk_create(Asked(plan=plan, assessor=person, at=at) for person in people)
    for person in people:
        send_mail(
            template=OPENED,
            to=person.email,
            language=person.language,
            context={"reader": person, "call": plan.call, "plan": plan},
            about=key_of(plan),
            owner=f"person:{person.pk}",
        )
    return len(people)


def _forget_unsent(plan: AssessmentPlan) -> None:
    """Whose mail was taken back before it left has not been asked."""
    mails = Mail.objects.filter(kind=OPENED, about=key_of(plan)).values_list("owner", "status")
    told = {owner for owner, status in mails if status != MailStatus.WITHDRAWN}
    unsent = {owner for owner, _status in mails} - told
    plan.asked.filter(assessor__in=[owner.partition(":")[2] for owner in unsent]).delete()


def take_back_asking(plan: AssessmentPlan) -> None:
    """Take back what has not left; whoever it was for is asked when it is opened again."""
    why = _("The assessment of the call was closed.")
    withdraw_mails(about=[key_of(plan)], kinds=[OPENED], why=why)
