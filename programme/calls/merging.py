"""What of calls stands in the way of merging two organisations."""

from django.utils.translation import gettext as _

from programme.calls.models import ExtensionRequest
from programme.calls.states import ExtensionStatus
from programme.organisations.models import Organisation
from programme.organisations.relations import MailsAbout


def _refuse_wishes(goes: Organisation, stays: Organisation) -> list[str]:
    """Return for which calls both ask for more time."""
    asked = ExtensionRequest.objects.filter(status=ExtensionStatus.ASKED)
    both = asked.filter(
        organisation=goes, call__in=asked.filter(organisation=stays).values("call")
    ).select_related("call")
    return [
        _("Both ask for more time for “%(call)s”. Answer one of the two first.")
        % {"call": row.call.title}
        for row in both
    ]


def _wishes(goes: Organisation, stays: Organisation) -> None:
    ExtensionRequest.objects.filter(organisation=goes).update(organisation=stays)


MOVE = {"calls.ExtensionRequest.organisation": _wishes}
REFUSE = (_refuse_wishes,)
AFTER = ()
WRITES: dict[str, tuple[str, ...]] = {}
SAME: dict[str, tuple[str, ...]] = {}
HELD = ()
PARTS = ()
MAILS: dict[str, MailsAbout] = {}
