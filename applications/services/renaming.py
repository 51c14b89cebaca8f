"""What becomes of the word of an office when the city writes its name anew, or takes it out."""

from django.utils.translation import gettext as _

from applications.models import Asked, OnlineInvitation, SignedPaper, Stakeholder
from applications.services.links import end_link
from applications.services.signing import drop_paper, paper_of, print_of
from applications.services.words import end_word
from applications.spelling import is_spelling_of
from applications.states import LinkEnd
from core.kit.errors import InvalidError


def follow_rename(
    model: type[SignedPaper],
    asked: Asked,
    *,
    before: str,
    forget: bool,
    is_elsewhere: bool = False,
) -> dict[str, str]:
    """Keep what an office has sent or was asked while only the spelling of its name changes.

    Under another name, or at another place (`is_elsewhere`), both go: nobody gets the word of
    one office and then names another. Raises InvalidError (field "forget") that names what would
    go, until `forget` says that it shall. A letter that the city put on file stays: staff read it.
    Returns what the audit trail keeps of what went.
    """

    def is_same(name: str) -> bool:
        return not is_elsewhere and is_spelling_of(asked.name, name)

    paper = paper_of(model, asked)
    if paper and (not paper.is_online or is_same(paper.signed_under or before)):
        paper = None
    link = OnlineInvitation.objects.asking(asked).unused().first()
    if link and is_same(link.asked_as or before):
        link = None
    if paper:
        # What was signed before names were kept was signed under the former one.
        paper.signed_under = paper.signed_under or before
    if (paper or link) and not forget:
        _ask_first(paper, link, asked, before)
    if link:
        end_link(asked, LinkEnd.RENAMED)
    return _forget(paper, LinkEnd.RENAMED) if paper else {}


def _ask_first(
    paper: SignedPaper | None, link: OnlineInvitation | None, asked: Asked, before: str
) -> None:
    """Raise InvalidError that names what goes with another name."""
    values = {"now": asked.name, "before": paper.signed_under if paper else before}
    if paper and isinstance(asked, Stakeholder):
        values["name"] = paper.signatory
        words = _(
            "The letter that %(name)s signed online for “%(before)s” goes if “%(now)s” is another "
            "organisation, and the signatory is told. Tick the box, or put the former name back."
        )
    elif paper:
        values["name"] = paper.signatory
        words = _(
            "The commitment that %(name)s gave online for “%(before)s” goes if “%(now)s” is "
            "another municipality, and the signatory is told. Tick the box, or put the former "
            "name back."
        )
    else:
        values["email"] = link.email if link else ""
        words = _(
            "“%(before)s” was asked at %(email)s and has not answered yet. If “%(now)s” is another "
            "one, that link ends, and its reader is told. Tick the box, or put the former name "
            "back."
        )
    raise InvalidError(words % values, field="forget", code="word_goes")


def drop_word(model: type[SignedPaper], asked: Asked) -> dict[str, str]:
    """Drop what is signed for who is taken out, and end its link; who has sent something is told.

    Call it inside the change, before the row goes. Returns what the audit trail keeps of it.
    """
    end_link(asked, LinkEnd.REMOVED)
    paper = paper_of(model, asked)
    if paper and paper.is_online:
        return _forget(paper, LinkEnd.REMOVED)
    if paper:
        drop_paper(paper)
    return {}


def _forget(paper: SignedPaper, end: LinkEnd) -> dict[str, str]:
    """Drop what an office sent by its link; its link says why from now on."""
    end_word(paper, end)
    drop_paper(paper)
    return {"dropped": paper.signatory, **print_of(paper)}
