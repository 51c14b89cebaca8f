"""What the outbox holds about a person."""

from django.utils.translation import gettext_lazy as _

from core.kit.holdings import Holding
from core.post.models import Mail, MailText

HOLDS = [
    # Never the text: it may hold a link that lets its reader in.
    Holding(
        Mail,
        ("recipient",),
        _("Mails to you"),
        _("Deadlines hang on them, so it must be possible to show that they were sent."),
        ("recipient", "subject", "kind", "created_at", "sent_at", "status"),
    ),
    Holding(
        MailText,
        ("by",),
        _("Words of mails that you wrote"),
        _("It must be possible to show what applicants were told, and in whose words."),
        ("kind", "language", "subject", "at"),
    ),
]
