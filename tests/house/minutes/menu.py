from core.kit.menus import Entry
from tests.house.minutes.models import Minutes


def unwritten(user):
    return Minutes.objects.reached_by(user).filter(text="")


ENTRIES = [
    Entry(
        "staff",
        60,
        "minutes:staff_list",
        "Minutes",
        icon="edit",
        section="work",
        permission="minutes.list_minutes",
        count=unwritten,
    ),
]
