"""What of a pairing rests on the acceptance of an application."""

from django.utils.translation import gettext as _

from applications.models import Application
from pairings.models import Pairing
from pairings.states import LIVE


def in_the_way(application: Application) -> list[str]:
    """Return, as a sentence each, the pairings that a decision put right would leave in the air."""
    rows = Pairing.objects.filter(
        call=application.call_id, members__organisation=application.organisation_id, status__in=LIVE
    )
    return [
        _("%(reference)s rests on this decision. Cancel that pairing first.")
        % {"reference": row.reference}
        for row in rows.order_by("pk")
    ]
