"""Which mails to new colleagues must not leave any more."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from core.duties.catalogue import key_of
from core.kit import days
from core.post.models import Mail
from iuc_portal.colleagues.models import StaffInvitation


def outdated(mails: Iterable[Mail]) -> dict[int, str]:
    """Return by id why a mail no longer holds; one query."""
    asked = [mail for mail in mails if mail.kind == "invitation_to_staff" and mail.about]
    if not asked:
        return {}
    still_open = StaffInvitation.objects.filter(
        pk__in=[mail.about.partition(":")[2] for mail in asked],
        accepted_at=None,
        revoked_at=None,
        expires_at__gt=days.now(),
    )
    keys = set(map(key_of, still_open))
    why = _("The invitation was used, taken back, or has run out.")
    return {mail.pk: why for mail in asked if mail.about not in keys}
