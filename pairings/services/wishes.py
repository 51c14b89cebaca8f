"""What a chosen city wishes for before it is paired."""

from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from applications.models import Application
from applications.states import ApplicationStatus
from core.kit import days
from core.kit.errors import InvalidError, WrongStateError
from core.kit.text import clean_line
from core.kit.writes import clean_text, lock
from core.trail.services import record_event
from pairings.models import PartnerWish
from pairings.selectors.wishes import pairing_in_the_way, possible_partners
from pairings.services.common import require_right
from programme.organisations.models import Organisation

WORD_LIMIT: Final = 300


@transaction.atomic
def say_wish(
    *, application: Application, about: Organisation, is_wanted: bool, by: User, word: str = ""
) -> PartnerWish:
    """Say that the applicant would like, or would not like, a possible partner.

    Said anew it takes the place of what was said. Nobody is written to. Raises WrongStateError
    once the city is paired or no longer chosen, InvalidError for who cannot be its partner.
    """
    application = _open(application, by)
    word = clean_text(clean_line(word), field="word", limit=WORD_LIMIT)
    if not possible_partners(application).filter(pk=about.pk).exists():
        raise InvalidError(
            _("%(name)s cannot become your partner in this call. Choose one from the list.")
            % {"name": about.name}
        )
    place: dict[str, Any] = {
        "call": application.call,
        "organisation": application.organisation,
        "about": about,
    }
    said = PartnerWish.objects.filter(**place).first()
    if said and (said.is_wanted, said.word) == (is_wanted, word):
        return said
    wish, _made = PartnerWish.objects.update_or_create(
        **place, defaults={"is_wanted": is_wanted, "word": word, "by": by, "at": days.now()}
    )
    _record("wish_said", application, by)
    return wish


@transaction.atomic
def take_back_wish(*, application: Application, about: Organisation, by: User) -> None:
    """Say nothing of a possible partner any more; where nothing was said it changes nothing."""
    application = _open(application, by)
    removed, _rows = PartnerWish.objects.filter(
        call=application.call_id, organisation=application.organisation_id, about=about
    ).delete()
    if removed:
        _record("wish_taken_back", application, by)


def _open(application: Application, by: User) -> Application:
    """Lock the application of a city that is chosen and not paired."""
    application = lock(application, "organisation", "call")
    require_right(by, "pairings.say_wish", application)
    if application.status != ApplicationStatus.ACCEPTED:
        raise WrongStateError(
            _("Wishes count once your city is chosen, and as long as it is. See where it stands."),
            code="not_chosen",
        )
    if pairing := pairing_in_the_way(application):
        raise WrongStateError(
            _("%(reference)s names your partner. Your wishes rest as they are.")
            % {"reference": pairing.reference},
            code="paired",
        )
    return application


def _record(verb: str, application: Application, by: User) -> None:
    # Whom it is about is the city's own: the record is read by more people than the wish.
    record_event(verb=f"application.{verb}", target=application, by=by)
