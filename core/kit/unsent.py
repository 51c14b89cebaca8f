"""A form that came in after its sender's session had ended: kept until they are back.

What was typed lies in the session of the browser, sealed with nothing but the key of the form,
which says whose it was: another person who signs in there does not see it.
"""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import Resolver404, resolve

from core.kit.comparing import TwoTexts
from core.kit.days import now, saved_at_words
from core.kit.keys import FIELD, PUT_BACK, TOKEN_FIELD, is_of, is_ours, sent_key
from core.kit.shown import page_of
from core.kit.typed import answers_in, is_secret

SESSION_KEY = "unsent"
# More than people write into a form; it lies in a row of sessions, unseen by its writer.
MOST_CHARACTERS = 150_000


@dataclass(frozen=True)
class Unsent:
    """A form that can be sent again: its address, its page, its fields, and when it came."""

    path: str
    page: str
    fields: list[tuple[str, list[str]]]
    has_file: bool
    at: str

    @property
    def key(self) -> str:
        """Return the key of the form."""
        return next((values[-1] for name, values in self.fields if name == FIELD), "")

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """Return the fields one by one, as a page sends them again."""
        return [(name, value) for name, values in self.fields for value in values]

    @property
    def can_be_put_back(self) -> bool:
        """Whether the page shows it again unsent; the ready-made pages of sign-in cannot."""
        try:
            view: Any = resolve(self.path.partition("?")[0]).func
        except Resolver404:
            return False
        return not view.__module__.startswith("allauth.")

    def answers(self, request: HttpRequest) -> list[TwoTexts]:
        """Return what a person typed, with the labels of its page and what stands there now."""
        return answers_in(request, self.fields, self.path, self.page)


def unsent_in(request: HttpRequest) -> Unsent | None:
    """Return the form that a request brings; None for one that no page of ours has made."""
    if not is_ours(sent_key(request)):
        return None
    fields = [
        (name, [str(value) for value in values])
        for name, values in request.POST.lists()
        if name not in {TOKEN_FIELD, PUT_BACK} and not is_secret(name, request.path)
    ]
    if sum(len(value) for _name, values in fields for value in values) > MOST_CHARACTERS:
        return None
    at = saved_at_words(now())
    return Unsent(request.get_full_path(), page_of(request), fields, bool(request.FILES), at)


def keep_unsent(request: HttpRequest) -> bool:
    """Keep the form that a request brings until its sender is back; tell whether it is kept."""
    found = unsent_in(request)
    if found is None:
        return False
    request.session[SESSION_KEY] = [
        *(found.path, found.page, found.fields, found.has_file, found.at)
    ]
    return True


def unsent_of(request: HttpRequest, person: Any) -> Unsent | None:
    """Return the form that was kept for `person`, a primary key; another's is not shown."""
    kept = request.session.get(SESSION_KEY)
    if kept is None:
        return None
    path, page, fields, has_file, at = kept
    found = Unsent(path, page, [(name, values) for name, values in fields], has_file, at)
    return found if is_of(found.key, person) else None


def forget_unsent(request: HttpRequest) -> None:
    """Keep nothing any more."""
    request.session.pop(SESSION_KEY, None)
