"""What an office has signed online stands no more: who signed is told, once nothing holds it."""

from collections.abc import Iterable

from django.utils import translation
from django.utils.translation import gettext as _

from applications.models import Application, OnlineInvitation, SignedPaper
from applications.selectors.partnership import online_words_of
from applications.services.links import language_at
from applications.states import LinkEnd
from core.duties.catalogue import key_of
from core.post.mail import send_mail


def words_but_for(application: Application, other: Application) -> list[SignedPaper]:
    """Return what was signed online for one application and does not stand on the other."""
    theirs = {word.said for word in online_words_of(other)}
    return [word for word in online_words_of(application) if word.said not in theirs]


def end_word(paper: SignedPaper, end: LinkEnd) -> None:
    """Let the link of a word that goes say why, and tell who signed; before the word is deleted.

    A working copy tells nobody of what still counts as it was sent: sending the copy does.
    """
    asked = getattr(paper, paper.whose)
    links = OnlineInvitation.objects.asking(asked)
    asker = links.values_list("invited_by__language", flat=True).first()
    links.update(end=end)
    application: Application = asked.application
    standing = application.revises
    if standing and paper.said in {word.said for word in online_words_of(standing)}:
        return
    tell_dropped(application, [paper], end, language=asker)


def tell_dropped(
    application: Application,
    papers: Iterable[SignedPaper],
    end: LinkEnd,
    *,
    language: str | None = None,
) -> None:
    """Tell who signed these online that their words stand no more, each in their language."""
    for paper in papers:
        name = paper.signed_under or str(getattr(paper, paper.whose))
        reads = language_at(paper.email, language or translation.get_language() or "en-gb")
        with translation.override(reads):
            why = _why(application, name, end)
        send_mail(
            template="word_dropped",
            to=paper.email,
            language=reads,
            context={"application": application, "name": name, "paper": paper, "words": why},
            about=key_of(application),
        )


def _why(application: Application, name: str, end: LinkEnd) -> str:
    """Say to who signed why it stands no more."""
    sentences = {
        LinkEnd.RENAMED: _("%(lead)s now names another one in its place."),
        LinkEnd.REMOVED: _("%(lead)s no longer names %(name)s in it."),
        LinkEnd.FILED: _("%(lead)s has put a signed letter of %(name)s on file in its place."),
        LinkEnd.SENT: _("%(lead)s has sent its application anew, without what you signed."),
        LinkEnd.DROPPED: _(
            "%(lead)s has dropped the changes for which it was signed. What it had sent before "
            "stands."
        ),
        LinkEnd.WITHDRAWN: _("%(lead)s has withdrawn its application."),
    }
    return sentences[end] % {"lead": application.organisation.name, "name": name}
