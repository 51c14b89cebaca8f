"""Wake-ups from beat; the database says what there is to do."""

from celery import shared_task

from programme.organisations import services


@shared_task
def begin_names() -> None:
    """Let organisations have the name whose day has come."""
    services.call_by_name_of_today()


@shared_task
def compare_names() -> None:
    """Note which organisations look alike, of those with a new name."""
    services.compare_names()
