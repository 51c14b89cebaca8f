"""Who is written to about what was sent, once others take the place of those who were named."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from applications.models import Application
from applications.selectors import searched_text, working_copy_of
from applications.services.details import WRITTEN_TO, take_contacts
from applications.services.locking import lock_application, touch
from applications.states import ApplicationStatus
from core.kit.errors import WrongStateError
from core.kit.writes import require_version
from core.trail.services import record_event


@transaction.atomic
def name_contacts(
    *, application: Application, read_version: int, by: User, **values: str
) -> Application:
    """Let a lead name who is written to from now on, of what was sent (the names of WRITTEN_TO).

    Letters and mails go to them, and no more to those who were named before. What was sent stays
    as it was. Raises WrongStateError for a draft and for what is withdrawn, and while changes are
    open that name contacts of their own; else as `save_contacts`.
    """
    application = lock_application(application, "applications.name_contacts", by)
    if application.is_draft or application.status == ApplicationStatus.WITHDRAWN:
        raise WrongStateError(
            _("Only of what was sent, and not withdrawn, other contacts are named."),
            code="not_sent",
        )
    if working_copy_of(application):
        raise WrongStateError(
            _(
                "You have begun to change what you have sent. Change the contacts there and send "
                "it, or drop the changes first."
            ),
            code="copy",
        )
    stored = {name: getattr(application, name) for name in WRITTEN_TO}
    wanted = {name: values.get(name, stored[name]) for name in WRITTEN_TO}
    if wanted == stored:
        return application
    require_version(application.version, read_version, current=stored)
    take_contacts(application, wanted)
    application.search_text = searched_text(application)
    touch(application, *WRITTEN_TO, "search_text")
    record_event(
        verb="application.contacts_named",
        target=application,
        by=by,
        details={
            "before": [stored["contact_email"], stored["deputy_email"]],
            "after": [wanted["contact_email"], wanted["deputy_email"]],
        },
    )
    return application
