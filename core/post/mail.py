"""The one way to write a mail: templates in, a queued mail out.

Sending goes through Django's mail API; the configured backend (core.post.backends) turns
it into a row of the outbox inside the caller's transaction, so a mail exists exactly if
the change it tells of does.
"""

from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from core.kit.unmade import is_unmade
from core.post.texts import plain_text, words_for

# What somebody sends to oneself to see how it reads: it tells nobody anything.
TEST_KIND = "test_mail"


def build_mail(
    *,
    template: str,
    to: str,
    language: str = settings.LANGUAGE_CODE,
    context: dict[str, Any] | None = None,
    about: str = "",
    owner: str = "",
) -> EmailMultiAlternatives:
    """Return one mail in the reader's language, for a caller that queues it itself.

    `template` names `mails/<template>_subject.txt`, `.txt` and `.html`. The context gets
    `base_url`, and the words that staff have written for it (core.post.texts). `is_test` in it
    marks a mail that somebody sends to oneself. The subject is folded to one line, so nothing
    typed can add a header. `about` and `owner` are the keys by which it is taken back when it no
    longer holds (withdraw_mails); they stay in the outbox.
    """
    values = {"base_url": settings.BASE_URL, **(context or {})}
    is_test = bool(values.get("is_test"))
    with translation.override(language):
        values |= words_for(template, values, language)
        subject = " ".join(plain_text(f"mails/{template}_subject.txt", values).split())
        text = plain_text(f"mails/{template}.txt", values)
        html = render_to_string(f"mails/{template}.html", values)
        if is_test:
            subject = _("Test: %(subject)s") % {"subject": subject}
    headers = {
        "X-Portal-Kind": TEST_KIND if is_test else template,
        "Content-Language": language,
    }
    keys = {"X-Portal-About": about, "X-Portal-Owner": owner}
    headers |= {name: key for name, key in keys.items() if key}
    message = EmailMultiAlternatives(subject, text, to=[to], headers=headers)
    message.attach_alternative(html, "text/html")
    return message


def send_mail(
    *,
    template: str,
    to: str,
    language: str = settings.LANGUAGE_CODE,
    context: dict[str, Any] | None = None,
    about: str = "",
    owner: str = "",
) -> None:
    """Queue one mail in the reader's language; see build_mail. What is tried out writes none."""
    if is_unmade():
        return
    build_mail(
        template=template, to=to, language=language, context=context, about=about, owner=owner
    ).send()
