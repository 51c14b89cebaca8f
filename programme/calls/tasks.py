"""Wake-ups from beat; the database says what there is to do."""

from celery import shared_task

from core.kit.days import now
from core.post.tasks import send_outbox
from programme.calls import services


@shared_task
def tell_answers() -> None:
    """Tell those who write of the answers of the day, and send it."""
    if services.tell_answers(now=now()):
        send_outbox()
