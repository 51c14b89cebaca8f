"""What every write on a pairing begins and ends with."""

from django.db.models import Model
from django.utils.translation import gettext as _

from accounts.models import User
from core.kit.errors import InvalidError, NotAllowedError
from core.kit.text import clean_paragraphs
from pairings.models import Pairing

REASON_LIMIT = 2000


def require(by: User, permission: str, target: Model | None = None) -> None:
    """Refuse a person without the right."""
    if not by.has_perm(permission, target):
        raise NotAllowedError(
            _(
                "You do not have the right to do this. Ask a lead of your organisation or "
                "the coordination unit."
            )
        )


def locked(pairing_id: int) -> Pairing:
    """Return the pairing as it is now; nobody else changes it until the transaction ends."""
    return Pairing.objects.select_for_update(of=("self",)).get(pk=pairing_id)


def free_slots(pairing: Pairing) -> None:
    """Give back the places that the pairing holds of its organisations' capacity."""
    pairing.members.update(slot=None)


def clean_text(value: str, *, field: str, limit: int, missing: str = "") -> str:
    """Return the cleaned text; an empty one is refused when `missing` says how to put it right."""
    value = clean_paragraphs(value)
    if missing and not value:
        raise InvalidError(missing, field=field)
    if len(value) > limit:
        raise InvalidError(
            _("Write at most %(limit)d characters; you have %(length)d.")
            % {"limit": limit, "length": len(value)},
            field=field,
        )
    return value


def clean_reason(value: str, *, missing: str = "", limit: int = REASON_LIMIT) -> str:
    """Return the cleaned reason, as clean_text does."""
    return clean_text(value, field="reason", limit=limit, missing=missing)
