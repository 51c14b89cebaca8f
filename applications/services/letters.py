"""Mails to the city: what they say, how they look before they are sent."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from accounts.selectors import people_at
from applications.eligibility import JudgedCriterion
from applications.models import Application
from applications.selectors import recipients_of
from applications.services.locking import open_until
from core.duties.catalogue import key_of
from core.post.mail import build_mail, send_mail
from core.post.texts import LONGEST_WORDS, OwnWords, words_of

# Most characters of a letter in the words of staff: the usual one with its reason finds room.
LONGEST_LETTER = LONGEST_WORDS


@dataclass(frozen=True)
class Preview:
    """A mail as it would be sent."""

    recipients: list[str]
    subject: str
    text: str
    language: str = ""


def write_to_city(
    application: Application,
    template: str,
    values: dict[str, Any] | None = None,
    *,
    about: str = "",
) -> None:
    """Queue a mail to the contact and to who sent the application, each once.

    `about` names what it tells of when that is not the application itself.
    """
    context = {"application": application, "open_until": open_until(application), **(values or {})}
    for address, language in recipients_of(application):
        send_mail(
            template=template,
            to=address,
            language=language,
            # Who has no account cannot open the application: the mail says who does.
            context=context | {"is_outside": not people_at(address).exists()},
            about=about or key_of(application),
            owner=f"organisation:{application.organisation_id}",
        )


def preview_mail(
    application: Application, template: str, values: dict[str, Any], language: str = ""
) -> Preview:
    """Return the mail to the first recipient, and who else gets it.

    It is in the language of that recipient, unless another one is asked for.
    """
    recipients = recipients_of(application)
    address, theirs = recipients[0] if recipients else ("", "en-gb")
    language = language or theirs
    message = build_mail(
        template=template,
        to=address,
        language=language,
        context={"application": application, "open_until": open_until(application), **values},
    )
    return Preview(
        [name for name, _language in recipients],
        str(message.subject),
        str(message.body),
        language,
    )


def decision_values(*, outcome: str, reason: str, words: OwnWords | None = None) -> dict[str, Any]:
    """Return what the mail on a decision tells; `words` stand in place of the usual ones."""
    return {"outcome": str(outcome), "reason": reason, "own": words}


def usual_words(
    application: Application, template: str, values: dict[str, Any], language: str
) -> OwnWords:
    """Return the subject and the words of a letter as they are before anybody changes it.

    These are the standard ones, or what staff have written for its call.
    """
    values = {
        "application": application,
        "open_until": open_until(application),
        **values,
        "own": None,
    }
    return words_of(template, values, language)


def refusal_values(*, criteria: list[JudgedCriterion], reason: str) -> dict[str, Any]:
    """Return what the mail to an applicant that is not eligible tells."""
    return {"reason": reason, "failed": [c.result for c in criteria if c.is_failed]}


def failed_in_words(failed: Iterable[Any]) -> str:
    """Return what an application does not meet, one a line."""
    return "\n".join(f"- {one.title}: {one.sentence}" for one in failed)
