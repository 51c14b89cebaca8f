"""Signing online: an office without an account commits, or writes its letter, on a page.

Opening the link of its mail changes nothing; sending the page binds, once.
"""

import datetime as dt
from typing import Any, Final, NoReturn

from django.utils import translation
from django.utils.translation import gettext as _

from applications.models import (
    Application,
    Asked,
    Commitment,
    Municipality,
    OnlineInvitation,
    SignedPaper,
    SupportLetter,
)
from applications.services.asking import refuse_settled, shown_print, statement_of, way_of
from applications.services.letters import write_to_city
from applications.services.links import end_words
from applications.services.locking import require_open_call
from applications.services.signing import print_of, replace_paper, store_letter
from core.duties.catalogue import key_of
from core.files.services import atomic_with_files
from core.kit import days
from core.kit.clocks import today_in
from core.kit.errors import InvalidError, StaleError, WrongStateError
from core.kit.rows import still_there
from core.kit.text import clean_line
from core.kit.writes import clean_text, lock
from core.post.mail import send_mail
from core.trail.services import record_event
from programme.organisations.models import hash_of
from programme.organisations.states import InvitationState

LETTER_LIMIT: Final = 6000


def require_usable(invitation: OnlineInvitation) -> None:
    """Raise WrongStateError, saying why, when the link of an invitation binds nobody any more."""
    application = invitation.application
    if invitation.end:
        # What it was used for may stand no more, too: what stands in its place is not shown.
        is_used = invitation.state == InvitationState.USED
        code = "ended" if is_used else str(invitation.state)
        raise WrongStateError(
            end_words(invitation), code=code if application.is_draft else "moved_on"
        )
    sentences = {
        InvitationState.USED: _("This link was used already: each works once."),
        InvitationState.EXPIRED: _("This invitation has run out. Ask for a new one."),
    }
    if sentence := sentences.get(invitation.state):
        raise WrongStateError(sentence, code=str(invitation.state))
    if not application.is_draft:
        raise WrongStateError(
            _("The application is closed to changes: it was sent, or withdrawn."), code="moved_on"
        )
    require_open_call(application)


@atomic_with_files()
def commit_online(*, token: str, name: str, office: str, shown: str | None = None) -> Commitment:
    """Bind the municipality that the link was sent to; works once, for whoever has the link.

    There is no account: the address that was written to stands for the office, and staff look
    at it before it counts. `shown` is what its reader saw (`shown_print`). Raises InvalidError
    (code "unknown") for a token that nobody was sent, WrongStateError when the link binds nobody
    any more, and StaleError when it would bind to other words than were shown.
    """
    application, invitation = _lock_link(token)
    municipality = invitation.municipality
    if municipality is None:
        _refuse_unknown()
    refuse_settled(municipality)
    _refuse_other_words(municipality, shown)
    commitment = replace_paper(
        Commitment,
        municipality,
        **_signature(invitation, name, office),
        statement=statement_of(municipality),
    )
    _record_use(application, invitation, commitment)
    _tell(application, commitment, municipality)
    return commitment


@atomic_with_files()
def write_letter(
    *,
    token: str,
    name: str,
    office: str,
    statement: str = "",
    upload: Any = None,
    shown: str | None = None,
) -> SupportLetter:
    """Keep the letter of the stakeholder that the link was sent to; works once.

    It is either `statement`, written on the page, or `upload`: a Django file, or one that a form
    holds. Raises what commit_online raises, and InvalidError for none or both of them.
    """
    application, invitation = _lock_link(token)
    stakeholder = invitation.stakeholder
    if stakeholder is None:
        _refuse_unknown()
    _refuse_other_words(stakeholder, shown)
    if upload is not None and statement.strip():
        raise InvalidError(
            _("Write the letter, or send it as a file: one of them. Empty the text, or leave out "
              "the file."),
            field="statement",
            code="two_letters",
        )  # fmt: skip
    words = ""
    if upload is None:
        words = clean_text(
            statement,
            field="statement",
            limit=LETTER_LIMIT,
            missing=_("Write the letter here, or send it as a file."),
        )
    signature = _signature(invitation, name, office)
    if upload is not None:
        signature["file"] = store_letter(SupportLetter, stakeholder, upload=upload, by=None)
    letter = replace_paper(SupportLetter, stakeholder, **signature, statement=words)
    _record_use(application, invitation, letter)
    _tell(application, letter, stakeholder)
    return letter


def _refuse_other_words(asked: Asked, shown: str | None) -> None:
    """Raise StaleError when what the page showed was changed since its reader opened it."""
    if shown is not None and shown != shown_print(asked):
        raise StaleError(
            _(
                "Nothing is signed yet: what you sign for was changed after you opened this page. "
                "Read it again above, then send once more."
            )
        )


def _refuse_unknown() -> NoReturn:
    raise InvalidError(_("This link is not known. Ask for a new one."), code="unknown")


def _lock_link(token: str) -> tuple[Application, OnlineInvitation]:
    """Lock what the link of a token is about, and make sure that it still works."""
    found = OnlineInvitation.objects.filter(token_hash=hash_of(token)).first()
    if found is None:
        _refuse_unknown()
    # The application first, as every other write on it does.
    application = lock(found.application, "call", "organisation")
    invitation = still_there(
        OnlineInvitation.objects.select_for_update(of=("self",)).select_related(
            "municipality__city",
            "municipality__application__call",
            "municipality__commitment",
            "stakeholder__application",
        ),
        found.pk,
    )
    invitation.asked.application = application
    require_usable(invitation)
    return application, invitation


def _signature(invitation: OnlineInvitation, name: str, office: str) -> dict[str, Any]:
    return {
        "signed_by_name": clean_line(name),
        "signed_by_office": clean_line(office),
        "signed_on": _today_of(invitation.asked),
        "email": invitation.email,
        "signed_under": invitation.asked.name,
    }


def _today_of(asked: Asked) -> dt.date:
    """Return the day at the signer's place, or at the lead's where nobody knows it."""
    city = asked.city if isinstance(asked, Municipality) else None
    return today_in(city.time_zone if city else asked.application.organisation.time_zone)


def _record_use(application: Application, invitation: OnlineInvitation, paper: SignedPaper) -> None:
    """Let the link work no more, and write down what it was used for."""
    invitation.used_at = days.now()
    invitation.save(update_fields=["used_at"])
    way = way_of(invitation.asked)
    record_event(
        verb=way.verb("given"),
        target=application,
        by=None,
        details={
            way.fact: invitation.asked.name,
            "email": invitation.email,
            "signatory": paper.signatory,
            **print_of(paper),
        },
    )


def _tell(application: Application, paper: SignedPaper, asked: Asked) -> None:
    """Write to the office what it has signed, and to the lead that it has."""
    way = way_of(asked)
    send_mail(
        template=f"{way.noun}_receipt",
        to=paper.email,
        language=translation.get_language() or "en-gb",
        context={
            "application": application,
            way.noun: paper,
            way.fact: asked,
            "statement": paper.statement.splitlines(),
        },
        about=key_of(application),
    )
    write_to_city(application, f"{way.noun}_given", {way.noun: paper})
