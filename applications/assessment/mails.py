"""Which mails of the assessment must not leave any more."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from accounts.selectors import staff_who_get_mail
from accounts.states import StaffRole
from applications.assessment.models import Asked
from applications.assessment.services.asking import OPENED
from core.post.models import Mail


def outdated(mails: Iterable[Mail]) -> dict[int, str]:
    """Return by id why a mail that asks for interests no longer holds; one query at most."""
    asked = [mail for mail in mails if mail.kind == OPENED and mail.about]
    if not asked:
        return {}
    # Taken back it counts as never asked, and is written anew when the plan is opened again.
    still = {
        (f"assessmentplan:{plan}", f"person:{person}")
        for plan, person in Asked.objects.open()
        .filter(
            assessor__in=staff_who_get_mail(StaffRole.ASSESSOR).order_by(),
            plan__in=[mail.about.partition(":")[2] for mail in asked],
        )
        .values_list("plan", "assessor")
    }
    why = _("Its reader has declared, or the assessment of the call was closed.")
    return {mail.pk: why for mail in asked if (mail.about, mail.owner) not in still}
