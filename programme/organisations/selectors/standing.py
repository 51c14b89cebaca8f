"""Why nothing of an organisation can be sent yet."""

from django.utils.translation import gettext as _

from programme.organisations.models import Organisation
from programme.organisations.rules import is_confirmed
from programme.organisations.states import Standing


def why_unconfirmed(organisation: Organisation) -> str:
    """Say why nothing of the organisation is sent, and what to do; "" once it is confirmed."""
    if is_confirmed(organisation):
        return ""
    if organisation.standing == Standing.REFUSED:
        words = _(
            "%(name)s was not confirmed, so nothing of it can be sent. Ask to join the "
            "organisation that you work for, or write to the coordination unit."
        )
    else:
        words = _(
            "The coordination unit has not confirmed yet that you speak for %(name)s. You can go "
            "on writing; you get a mail as soon as you can send and invite."
        )
    return words % {"name": organisation.name}
