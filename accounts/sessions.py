"""Sessions that know whose they are: one query reads the session and its person."""

from typing import Any, cast

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends import db
from django.utils.crypto import constant_time_compare

from accounts.backends import PersonBackend, is_closed
from accounts.models import Session, User

BACKEND = f"{PersonBackend.__module__}.{PersonBackend.__qualname__}"


class SessionStore(db.SessionStore):
    """Sessions in the database, with the key of who is signed in beside what they hold."""

    # Who was read with the session; None for nobody, and before it was read.
    person: User | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """Return the model with the key."""
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """Keep whose it is."""
        row = cast("Session", super().create_model_instance(data))
        row.user_id = data.get(SESSION_KEY)
        return row

    def _get_session_from_db(self) -> Session | None:
        store: Any = super()  # Its types do not name this method.
        found: Session | None = store._get_session_from_db()  # noqa: SLF001 - Django's own
        self.person = found.user if found else None
        return found


def person_in(session: Any) -> User | None:
    """Return who is signed in, if that was read with the session and is beyond doubt.

    The session must be of this person, of our backend and of their password as it is; else
    None, and Django decides.
    """
    # Reading from it loads it.
    key, person = session.get(SESSION_KEY), getattr(session, "person", None)
    if person is None or key != str(person.pk) or session.get(BACKEND_SESSION_KEY) != BACKEND:
        return None
    stored = session.get(HASH_SESSION_KEY, "")
    is_theirs = constant_time_compare(stored, person.get_session_auth_hash())
    return person if is_theirs and not is_closed(person) else None
