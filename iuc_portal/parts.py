"""How the parts of `manage.py portal` are: the supervisor writes it down, the web reads it."""

import datetime as dt
import json
import logging
from collections.abc import Sequence
from dataclasses import asdict

from django.conf import settings

from core.kit.disk import write_whole
from iuc_portal.supervisor import PartState

logger = logging.getLogger(__name__)


def write_states(states: Sequence[PartState]) -> None:
    """Write down how the parts are; a full disk must not stop the supervisor."""
    facts = [{**asdict(state), "since": state.since.isoformat()} for state in states]
    try:
        write_whole(settings.PARTS_FILE, [json.dumps(facts).encode()])
    except OSError as error:
        logger.warning("How the parts are cannot be written down (%s).", error.strerror)


def read_states() -> list[PartState]:
    """Return how the parts are; nothing when they do not run under `manage.py portal`."""
    if not settings.UNDER_PORTAL:
        return []
    try:
        facts = json.loads(settings.PARTS_FILE.read_text())
        return [
            PartState(**{**fact, "since": dt.datetime.fromisoformat(fact["since"])})
            for fact in facts
        ]
    except (OSError, ValueError, TypeError, KeyError):
        return []


def remove_states() -> None:
    """Forget how the parts were."""
    settings.PARTS_FILE.unlink(missing_ok=True)
