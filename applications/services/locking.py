"""How every write begins: the right, the row lock, the state, the version."""

from datetime import datetime
from typing import Any, NoReturn

from django.utils.translation import gettext as _

from accounts.models import User
from applications.eligibility import instant_words
from applications.models import Application
from applications.selectors import decisions_of, searched_text, standing_decision
from core.kit import days
from core.kit.errors import WrongStateError
from core.kit.writes import REASON_LIMIT, clean_reason
from programme.calls.selectors import closing_of, phase_for
from programme.calls.states import CallPhase
from programme.organisations.services.rights import lock_by_right


def lock_application(
    application: Application, permission: str | None, by: User, *related: str, **more: Any
) -> Application:
    """Re-read the application under a row lock, with its call and organisation.

    `related` and `more` are as `lock` takes them. Raises NotAllowedError unless the person has
    the permission on it as it is now; whoever asks for more than one permission says None and
    asks himself.
    """
    return lock_by_right(
        application,
        permission,
        *("call", "organisation__country", *related),
        organisation="organisation",
        by=by,
        otherwise=not_yours(),
        **more,
    )


def not_yours() -> str:
    """Return the sentence for who may not do this; it names the organisation by %(name)s."""
    return _("Your role does not allow this. Ask a lead of %(name)s, or the coordination unit.")


def refuse_moved(application: Application) -> NoReturn:
    """Raise WrongStateError: say kindly that somebody else was first, and who."""
    decision = standing_decision(application, decisions_of(application))
    if decision and decision.by:
        message = _("%(name)s has decided this at %(when)s: %(status)s. Open the page again.")
        values = {
            "name": str(decision.by),
            "when": instant_words(decision.at),
            "status": application.get_status_display(),
        }
    else:
        message = _("The application has moved on: %(status)s. Open the page again.")
        values = {"status": application.get_status_display()}
    raise WrongStateError(message % values, code="moved_on")


def require_reason(reason: str, limit: int = REASON_LIMIT) -> str:
    """Return the cleaned reason; raise InvalidError for an empty one, or one over the limit."""
    missing = _("Write the reason: it is kept with your name and the time.")
    return clean_reason(reason, missing=missing, limit=limit)


def require_open_call(application: Application, now: datetime | None = None) -> None:
    """Raise WrongStateError when the call takes nothing at `now` (default: the server's time).

    What counts is the closing time of the applicant: staff may have given it a later one.
    """
    now = now or days.now()
    phase = phase_for(application.call, application.organisation, now)
    if phase == CallPhase.CLOSED:
        closes_at = closing_of(application.call, application.organisation)
        when = instant_words(closes_at) if closes_at else ""
        raise WrongStateError(
            _(
                "The call closed on %(closed)s; our clock says %(now)s. Your draft is kept "
                "as it was. Write to the coordination unit if you need help."
            )
            % {"closed": when, "now": instant_words(now)},
            code="call_closed",
        )
    if phase != CallPhase.OPEN:
        raise WrongStateError(
            _("The call is not open yet. Come back when it opens."),
            code="call_not_open",
        )


def open_until(application: Application) -> datetime | None:
    """Return until when the call takes something of this applicant; None while it does not."""
    if not takes_changes(application):
        return None
    return closing_of(application.call, application.organisation)


def takes_changes(application: Application) -> bool:
    """Tell whether the call takes something of this applicant now."""
    try:
        require_open_call(application)
    except WrongStateError:
        return False
    return True


def lock_draft(application: Application, by: User, *related: str, **more: Any) -> Application:
    """Lock a draft that the person may edit while its call is open."""
    permission = "applications.edit_application"
    application = lock_application(application, permission, by, *related, **more)
    if not application.is_draft:
        raise WrongStateError(
            _(
                "These changes were sent or dropped meanwhile, and take no more. Copy your text "
                "to keep it, and open the application to read what was sent."
            )
            if application.is_copy
            else _(
                "This application has been sent and takes no more changes. Copy your text "
                "to keep it, and open the application to read what was sent."
            ),
            code="sent",
        )
    require_open_call(application)
    return application


def touch(application: Application, *fields: str) -> None:
    """Save the named fields, count the save and refresh what search reads."""
    application.search_text = searched_text(application)
    application.version += 1
    application.saved_at = days.now()
    application.save(update_fields=[*fields, "search_text", "version", "saved_at"])
