"""What every write on a pairing begins and ends with."""

from django.db.models import Model
from django.utils.translation import gettext as _

from accounts.models import User
from core.kit.writes import lock, require
from pairings.models import Pairing


def require_right(by: User, permission: str, target: Model | None = None) -> None:
    """Refuse a person without the right."""
    require(
        by,
        permission,
        target,
        otherwise=_(
            "You do not have the right to do this. Ask a lead of your organisation or the "
            "coordination unit."
        ),
    )


def locked(pairing_id: int) -> Pairing:
    """Return the pairing as it is now; nobody else changes it until the transaction ends."""
    return lock(Pairing(pk=pairing_id))
