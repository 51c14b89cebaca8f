"""Which invitations must not leave any more."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from core.duties.catalogue import key_of
from core.kit import days
from core.post.models import Mail
from programme.organisations.models import Invitation


def outdated(mails: Iterable[Mail]) -> dict[int, str]:
    """Return by id the mails whose link leads nowhere any more; one query if there are any."""
    asked = [mail for mail in mails if mail.kind == "invitation" and mail.about]
    if not asked:
        return {}
    ids = [mail.about.partition(":")[2] for mail in asked]
    still_open = Invitation.objects.filter(
        pk__in=ids, accepted_at=None, revoked_at=None, expires_at__gt=days.now()
    )
    keys = set(map(key_of, still_open))
    why = _("The invitation was used, taken back, or has run out.")
    return {mail.pk: why for mail in asked if mail.about not in keys}
