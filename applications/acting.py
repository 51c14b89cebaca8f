"""Actions on many applications at once: what an app brings, and what a preview says of each.

The socket is `<app>/actions.py`: its `ACTIONS` lists what staff can do with the applications that
they have chosen in their list. For example

    ACTIONS = [
        Action(
            key="casework.own",
            order=40,
            label=_("Give an owner"),
            hint=_("who looks after them"),
            icon="user",
            permission="casework.give_owner",
            form=OwnerForm,
            heading=_("Owner"),
            title=lambda values, number: _("Giving an owner to %(number)d") % {"number": number},
            preview=preview_owner,
            do=give_owner_to_one,
            undo=give_back,
        )
    ]

The room `applications.bulk` shows them, looks at each application under its lock whether it is
still as it was shown, and does one after the other in a job.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

from accounts.models import User
from applications.models import Application
from core.kit.errors import Words
from core.kit.fingerprints import fingerprint
from core.kit.sockets import plugged

# What the form of an action asked for, as JSON.
Values = dict[str, Any]


class ActionForm(Protocol):
    """A form that says what it asked for as JSON: `values`, once it is valid."""

    @property
    def values(self) -> Values:
        """Return what was typed and chosen, as JSON."""


@dataclass(frozen=True)
class Change:
    """What an action does to one application: words for now and then.

    Where both are the same it stays as it is, and `note` may say since when; where they differ,
    it may say more of what is done, such as to whom. `why_not` says why it
    cannot be done. `seen` stands for all that the action has read of it, such as a version: when it
    is another one by the time of doing, the application is left as it is.
    """

    before: str
    after: str
    seen: str = ""
    why_not: str = ""
    note: str = ""

    @property
    def is_change(self) -> bool:
        """Whether something is to be done."""
        return not self.why_not and self.before != self.after


@dataclass(frozen=True)
class Action:
    """Something to do with many applications.

    `permission` is asked of nobody in particular, for who is offered it; whether it may be done to
    one of them the service asks that `do` calls. `form(data, applications)` asks what is needed.
    `preview(applications, values, by)` gives a Change for each by its id, in a number of queries
    that does not grow. `do(application, values, by, change)` does it to one and returns what taking
    it back needs, as JSON. `undo(application, kept, by, reason)` takes it back, or raises a
    PortalError that says why it cannot; None where something has been sent. `sample` returns a
    mail as one of them gets it (applications.services.letters.Preview), where mails are written.
    """

    key: str
    order: int
    label: Words
    # Beside the label, in a few words.
    hint: Words
    icon: str
    permission: str
    form: Callable[..., Any]
    # Above what stands now and then.
    heading: Words
    # What is being done to so many: the title of the run.
    title: Callable[[Values, int], str]
    preview: Callable[[Sequence[Application], Values, User], dict[int, Change]]
    do: Callable[[Application, Values, User, Change], Values | None]
    undo: Callable[[Application, Values, User, str], Any] | None = None
    sample: Callable[[Application, Values], Any] | None = None
    # Who learns of it, and until when it can be taken back: sentences below the preview.
    told: Words = ""
    undone_until: Words = ""

    @property
    def writes_mails(self) -> bool:
        """Whether it writes a mail to each, of which a preview shows one."""
        return self.sample is not None


@cache
def actions() -> dict[str, Action]:
    """Return every action by its key, in order."""
    found = [action for module in plugged("actions") for action in getattr(module, "ACTIONS", ())]
    return {action.key: action for action in sorted(found, key=lambda one: one.order)}


def offered_to(user: User) -> list[Action]:
    """Return the actions that a person is offered."""
    return [action for action in actions().values() if user.has_perm(action.permission)]


def mark_of(application: Application, change: Change) -> str:
    """Return what stands for an application as it is now, for the action that looked at it.

    Its first sign says whether something was to change.
    """
    sent = application.submitted_at.isoformat() if application.submitted_at else ""
    seen = [application.version, application.status, sent, change.seen]
    return f"{int(change.is_change)}{fingerprint(seen)[:12]}"
