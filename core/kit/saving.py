"""Form, service, refusal: how every page that writes answers.

    form = CancelForm(posted(request))
    sent = save(request, form, lambda: cancel_pairing(pairing=pairing, **form.cleaned_data))
    if sent.is_done:
        return finish(request, _("The pairing is cancelled."), "pairings:staff_detail", key)
    return render(request, "pairings/staff_cancel.html", {"form": form}, status=sent.status)

The same mistake has the same status on every page: 422 for what is not valid, 409 for what
has moved on or was saved by somebody else, 403 for what the person may not do. A page that
is only read has 200; what was saved leads on with 302, so that a reload sends nothing again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from core.kit.errors import NotAllowedError, PortalError, SeveralInvalidError, StaleError, Words
from core.kit.keys import TakenError, is_put_back, once

T = TypeVar("T")

SHOWN, DONE, INVALID = 200, 302, 422


class Several(Protocol):
    """A page of several forms that are sent as one: `form` is the one that shows refusals."""

    form: Any

    def is_valid(self) -> bool:
        """Check everything, so that all errors show at once."""


@dataclass(frozen=True)
class Sent(Generic[T]):
    """What became of a page: `status` is the one to show it with, unless it is done."""

    status: int = SHOWN
    results: tuple[T, ...] = ()
    error: PortalError | None = None
    # What was typed stands in the form again, unsaved; a form that saves itself goes on from there.
    is_put_back: bool = False

    @property
    def is_done(self) -> bool:
        """Whether it was sent and the service has done its work."""
        return bool(self.results)

    @property
    def result(self) -> T:
        """Return what the service returned; ask only once it is done."""
        [result] = self.results
        return result

    @property
    def stale(self) -> StaleError | None:
        """Return the error, with what is stored now, when somebody else saved first."""
        return self.error if isinstance(self.error, StaleError) else None


def posted(request: HttpRequest) -> QueryDict | None:
    """Return what a form sent, be it empty; None when the page is only read."""
    return request.POST if request.method == "POST" else None


def save(
    request: HttpRequest,
    form: forms.BaseForm | Several,
    service: Callable[[], T],
    *,
    saves_itself: bool = False,
) -> Sent[T]:
    """Call `service` for a form that was sent and is valid; keep what was typed otherwise.

    The same form sent twice is carried out once (core.kit.keys). A refusal stands at its
    field, or on top of the form. After a StaleError the form
    carries the version that is stored now: who sends it again has seen both.
    """
    return look(request, form, lambda: once(request, service), saves_itself=saves_itself)


def look(
    request: HttpRequest,
    form: forms.BaseForm | Several,
    selector: Callable[[], T],
    *,
    saves_itself: bool = False,
) -> Sent[T]:
    """Do as `save` for what writes nothing, such as a preview: it may be sent again and again."""
    if request.method != "POST":
        return Sent()
    if put_back(request, saves_itself=saves_itself):
        return Sent(is_put_back=True)
    if not form.is_valid():
        return Sent(INVALID)
    try:
        result = selector()
    except PortalError as error:
        refuse(form if isinstance(form, forms.BaseForm) else form.form, error)
        return Sent(error.status, error=error)
    return Sent(DONE, (result,))


def put_back(request: HttpRequest, *, saves_itself: bool = False) -> bool:
    """Tell whether what was typed shall only stand in its form again; say so to its writer.

    `saves_itself`: the page of the form shows the state "put_back" (components/save_state.html).
    """
    if not is_put_back(request):
        return False
    if saves_itself:
        # True with and without scripts: the line at the foot tells what became of it.
        words = _(
            "Your text is in the form again: check it. The line at the foot says when it is saved."
        )
    else:
        words = _("Your text is in the form again. It is not saved yet: check it, then save it.")
    messages.info(request, words)
    return True


def refuse(form: forms.BaseForm, error: PortalError) -> None:
    """Show a service's refusal at its field of a checked form, or on top of it.

    A form that asks for a value in several fields names the one that shows its refusals in
    `places`.
    """
    if isinstance(error, SeveralInvalidError):
        for one in error.errors:
            refuse(form, one)
        return
    field = getattr(form, "places", {}).get(error.field, error.field)
    refusal = ValidationError(error.message, code=error.code)
    form.add_error(field if field in form.fields else None, refusal)
    if isinstance(error, StaleError) and "version" in form.fields:
        sent: Any = form.data
        data = sent.copy()
        data[form.add_prefix("version")] = str(error.version)
        form.data = data


def press(request: HttpRequest, service: Callable[[], T], done: Words = "") -> Sent[T]:
    """Call `service` for a button beside which nothing is typed.

    A refusal and the sentence `done` become messages of the page that is opened next. Who
    is not allowed meets the page that says so (403).
    """
    if put_back(request):
        return Sent()
    try:
        result = once(request, service)
    except NotAllowedError:
        raise
    except TakenError as error:
        # Done before: the answer to the first is given again (core.kit.middleware).
        return Sent(error.status, error=error)
    except PortalError as error:
        messages.error(request, error.message)
        return Sent(error.status, error=error)
    if done:
        messages.success(request, done)
    return Sent(DONE, (result,))


def finish(request: HttpRequest, message: Words, to: Any, *args: Any) -> HttpResponse:
    """Say what was done, and lead to the page that shows it."""
    messages.success(request, message)
    return redirect(to, *args)
