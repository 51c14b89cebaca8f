"""Words of mails."""

import factory

from core.post.models import MailText


class MailTextFactory(factory.django.DjangoModelFactory):
    """What staff wrote of the mail that an application is received, in English."""

    class Meta:
        model = MailText
        django_get_or_create = ("scope", "kind", "language", "number")

    scope = "call:0"
    kind = "application_received"
    language = "en-gb"
    number = 1
    subject = "{reference}: thank you"
    text = "Dear {city},\n\nthank you. {changes}"
