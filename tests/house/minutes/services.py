from django.db import transaction

from core.kit.writes import lock, require
from core.trail.services import record_event


@transaction.atomic
def write_minutes(*, minutes, text, by):
    minutes = lock(minutes, "organisation")
    require(by, "minutes.write_minutes", minutes, otherwise="Ask a lead of the city to write it.")
    minutes.text, minutes.written_by = text, by
    minutes.save(update_fields=["text", "written_by"])
    record_event(
        verb="minutes.written", target=minutes, by=by, details={"meeting": minutes.meeting}
    )
    return minutes
