"""What moves when an organisation takes in what stood for it; see programme.organisations."""

from django.db.models import Q

from applications.models import Application, Interest
from applications.selectors import searched_text
from applications.states import ApplicationStatus, InterestStatus
from core.duties.services import touch
from programme.organisations.models import Organisation


def move_drafts(stand_in: Organisation, organisation: Organisation) -> None:
    """Move the drafts, those for calls excepted to which the organisation applies already."""
    withdrawn = Q(status=ApplicationStatus.WITHDRAWN)
    applies_to = Application.objects.filter(~withdrawn, organisation=organisation)
    drafts = Q(status=ApplicationStatus.DRAFT) & ~Q(call__in=applies_to.values("call"))
    rows = Application.objects.filter(withdrawn | drafts, organisation=stand_in)
    for application in rows.select_for_update():
        application.organisation = organisation
        application.search_text = searched_text(application)
        application.save(update_fields=["organisation", "search_text"])
        touch(application)


def move_interests(stand_in: Organisation, organisation: Organisation) -> None:
    """Move the drafts of expressions of interest, as move_drafts does those of applications."""
    withdrawn = Q(status=InterestStatus.WITHDRAWN)
    takes_part_in = Interest.objects.filter(~withdrawn, organisation=organisation)
    drafts = Q(status=InterestStatus.DRAFT) & ~Q(call__in=takes_part_in.values("call"))
    rows = Interest.objects.filter(withdrawn | drafts, organisation=stand_in)
    for interest in rows.select_for_update():
        interest.organisation = organisation
        interest.save(update_fields=["organisation"])
        touch(interest)


MOVE = (move_drafts, move_interests)
