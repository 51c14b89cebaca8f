"""Demo: a colleague who is invited and has not come, and one with first steps to take."""

from accounts.states import StaffRole
from iuc_portal.colleagues.models import FirstSteps, StaffInvitation
from iuc_portal.colleagues.services import invite_colleague, tick_step
from iuc_portal.demo.people import person

INVITED = "new-colleague@demo.example"


def make_colleagues() -> int:
    """Make what is missing; return how much."""
    made = 0
    if not StaffInvitation.objects.filter(email=INVITED).exists():
        by = person("coordinator")
        invite_colleague(email=INVITED, role=StaffRole.OBSERVER, countries=[], by=by)
        made += 1
    if not FirstSteps.objects.exists():
        tick_step(key="guide", user=person("desk-india"))
        made += 1
    return made
