"""Wake-ups from beat; the database says what there is to do."""

from celery import shared_task

from core.post.tasks import send_outbox
from pairings.services.lapsing import lapse_proposals as lapse


@shared_task
def lapse_proposals() -> None:
    """End the proposals that nobody has answered for too long, and tell of it."""
    if lapse():
        send_outbox()
