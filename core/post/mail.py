"""The one way to write a mail: templates in, a queued mail out.

Sending goes through Django's mail API; the configured backend (core.post.backends) turns
it into a row of the outbox inside the caller's transaction, so a mail exists exactly if
the change it tells of does.
"""

from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context, Engine
from django.template.loader import render_to_string
from django.utils import translation

from core.kit.unmade import is_unmade


def plain_text(template: str, values: dict[str, Any]) -> str:
    """Render plain text, where an ampersand is an ampersand."""
    return Engine.get_default().get_template(template).render(Context(values, autoescape=False))


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
    `base_url`. The subject is folded to one line, so nothing typed can add a header. `about`
    and `owner` are the keys by which it is taken back when it no longer holds (withdraw_mails);
    they stay in the outbox.
    """
    values = {"base_url": settings.BASE_URL, **(context or {})}
    with translation.override(language):
        subject = " ".join(plain_text(f"mails/{template}_subject.txt", values).split())
        text = plain_text(f"mails/{template}.txt", values)
        html = render_to_string(f"mails/{template}.html", values)
    headers = {"X-Portal-Kind": template, "Content-Language": language}
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
