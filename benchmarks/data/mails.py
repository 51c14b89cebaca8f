"""The outbox."""

from benchmarks.data.common import MARK, series
from benchmarks.rows import multiply
from core.post.models import Mail


def add_mails(total: int) -> None:
    """Fill the outbox: most are sent, a hundredth waits, a thousandth failed."""
    have = Mail.objects.count()
    if have >= total:
        return
    multiply(
        Mail.objects.exclude(kind="").earliest("pk"),
        series(have, total),
        recipient=f"'lead-{MARK}-' || n % 5000 || '@city.example'",
        subject="'What is due in week ' || n % 53 || ' of the pairing ' || n",
        message_id=f"'<{MARK}-' || n || '@localhost>'",
        status="CASE WHEN n % 1000 = 0 THEN 'failed' WHEN n % 100 = 0 THEN 'held' ELSE 'sent' END",
        created_at="now() - n * interval '3 minutes'",
        due_at="now() - n * interval '3 minutes'",
        sent_at="now() - n * interval '3 minutes'",
        leased_until="NULL",
    )
