"""How the links end on which an office without an account signs: taken back, told, explained."""

import datetime as dt
from typing import Final

from django.utils import translation
from django.utils.translation import gettext as _

from accounts.selectors import people_at
from applications.models import Application, Asked, OnlineInvitation
from applications.services.locking import open_until
from applications.states import LinkEnd
from core.duties.catalogue import key_of
from core.kit import days
from core.kit.clocks import in_brussels
from core.post.mail import send_mail
from core.post.services import withdraw_mails

# The mails whose links sign.
TO_COMMIT: Final = "invitation_to_commit"
TO_SUPPORT: Final = "invitation_to_support"


def withdraw_links(*invitations: OnlineInvitation, why: str) -> int:
    """Take back the mails whose links work no more; return how many had not left yet."""
    about = [key_of(row) for row in invitations]
    return withdraw_mails(about=about, kinds=[TO_COMMIT, TO_SUPPORT], why=why)


def end_link(asked: Asked, end: LinkEnd) -> None:
    """Let an open link work no more, and tell who has it; call it inside the change that ends it.

    A link that was used, or has ended or run out, stays as it is.
    """
    found = OnlineInvitation.objects.asking(asked).unused().first()
    if found is not None:
        _end(found, end, days.now())


def end_links(application: Application, end: LinkEnd, *, at: dt.datetime | None = None) -> None:
    """End all links of an application that are still open: it was sent, withdrawn or dropped.

    What is sent is frozen: what comes later would be lost without a word. Call it inside the
    change that ends them; `at` is its moment.
    """
    rows = OnlineInvitation.objects.of(pk=application.pk).unused()
    for row in rows.select_related("municipality", "stakeholder", "invited_by"):
        row.asked.application = application
        _end(row, end, at or days.now())


def _end(invitation: OnlineInvitation, end: LinkEnd, at: dt.datetime) -> None:
    invitation.revoked_at, invitation.end = at, end
    invitation.save(update_fields=["revoked_at", "end"])
    was_unsent = withdraw_links(invitation, why=str(end.label))
    # All members of a group are told that it is dissolved, whether they were asked or not.
    # Who was asked for changes alone is no member of what was sent.
    is_told = (
        end == LinkEnd.WITHDRAWN
        and invitation.municipality is not None
        and not invitation.application.is_copy
    )
    if was_unsent or is_told:
        return
    asker = invitation.invited_by
    language = language_at(invitation.email, asker.language if asker else "en-gb")
    with translation.override(language):
        words = end_words(invitation)
    send_mail(
        template="link_ended",
        to=invitation.email,
        language=language,
        context={"invitation": invitation, "application": invitation.application, "words": words},
        about=key_of(invitation.application),
    )


def language_at(email: str, otherwise: str) -> str:
    """Return the language of who has an address, if somebody of the portal has it."""
    known = people_at(email).first()
    return known.language if known else otherwise


def end_words(invitation: OnlineInvitation) -> str:
    """Say to who was asked why the link works no more, and what can still be done."""
    application = invitation.application
    values = {
        "lead": application.organisation.name,
        "name": invitation.name,
        "when": in_brussels(invitation.revoked_at) if invitation.revoked_at else "",
    }
    sentences = {
        LinkEnd.TAKEN_BACK: _("%(lead)s has taken this invitation back."),
        LinkEnd.RENAMED: _(
            "%(lead)s has put another name in the place of the one that you were asked for."
        ),
        LinkEnd.REMOVED: _("%(lead)s no longer names %(name)s in its application."),
        LinkEnd.FILED: _(
            "%(lead)s has put a signed letter of %(name)s on file, so nothing more is needed."
        ),
        LinkEnd.LEADS: _("%(name)s leads the application itself now and need not commit."),
        LinkEnd.SENT: _(
            "%(lead)s has sent its application without it, on %(when)s. What was sent stays as it "
            "is, so nothing is added behind this link."
        ),
        LinkEnd.DROPPED: _(
            "%(lead)s has dropped the changes for which you were asked. What it had sent before "
            "stands."
        ),
        LinkEnd.WITHDRAWN: _("%(lead)s has withdrawn its application."),
    }
    why = LinkEnd(invitation.end or LinkEnd.TAKEN_BACK)
    found = sentences[why] % values
    if why == LinkEnd.SENT and (until := open_until(application)):
        again = _("Until %(until)s it can open it again, and ask you anew.")
        return f"{found} {again % {'until': in_brussels(until)}}"
    return found
