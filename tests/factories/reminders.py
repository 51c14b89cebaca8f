"""Mails of the outbox."""

import factory

from core.post.models import Mail


class MailFactory(factory.django.DjangoModelFactory):
    """A mail that waits to be sent."""

    class Meta:
        model = Mail

    kind = "reminder_draft_closing"
    sender = "IUC portal <no-reply@iuc.invalid>"
    recipient = factory.Sequence(lambda n: f"reader{n}@city.example")
    subject = factory.Sequence(lambda n: f"Mail {n}")
    text = "Good day,\n\nyour draft waits."
    html = "<p>Good day,</p><p>your draft waits.</p>"
    language = "en-gb"
    message_id = factory.Sequence(lambda n: f"<mail-{n}@portal.example>")
