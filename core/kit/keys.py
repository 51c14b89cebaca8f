"""The key of a form: each form that a signed-in person is shown has one of its own.

So has the form of a page without account that the link of a mail opens: whoever holds the link
is its person.

It is a hidden field that `{% csrf_token %}` writes, and it says three things of a form that
comes back: that it came from a page of ours, whose page that was, and whether the very same
was carried out before.
"""

import datetime as dt
import hashlib
import secrets
from collections.abc import Callable
from typing import TypeVar

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.http import HttpRequest, UnreadablePostError
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from core.kit import days
from core.kit.errors import WrongStateError
from core.kit.models import TakenForm

T = TypeVar("T")

FIELD = "form_key"
TOKEN_FIELD = "csrfmiddlewaretoken"  # noqa: S105 - its name
# Sent along with what was typed: the page shall show it in its form again, and carry out nothing.
PUT_BACK = "put_back"
# What is noted with a request, for the middleware.
HOLDER = "form_holder"
ACCEPTED, CARRIED_OUT, TAKEN = "form_accepted", "form_carried_out", "form_taken"
# A browser keeps what was sent for so long (DAYS in static/js/keep.js); after it nobody presses
# the button twice.
KEPT_FOR = dt.timedelta(days=14)


class TakenError(WrongStateError):
    """The same form has been carried out already: nothing is left to do."""

    code = "taken"


def _mark(*parts: str) -> str:
    return salted_hmac(__name__, ":".join(parts)).hexdigest()[:20]


def new_key(person: object) -> str:
    """Return a key for a form that is shown to `person`, a primary key."""
    chance = secrets.token_hex(8)
    whose = _mark(chance, str(person))
    return f"{chance}-{whose}-{_mark(chance, whose)}"


def is_ours(key: str) -> bool:
    """Tell whether the key was made here, for whomever."""
    chance, _dash, rest = key.partition("-")
    whose, _dash, seal = rest.partition("-")
    return constant_time_compare(seal, _mark(chance, whose))


def is_of(key: str, person: object) -> bool:
    """Tell whether the key was made for `person`, a primary key."""
    chance, _dash, rest = key.partition("-")
    return is_ours(key) and constant_time_compare(
        rest.partition("-")[0], _mark(chance, str(person))
    )


def person_mark(person: object) -> str:
    """Return a word that stands for `person`, a primary key, in their own browser."""
    return _mark("person", str(person))


def hold_by_link(request: HttpRequest, link: str) -> None:
    """Let the forms of this page be those of whoever holds the link, unless they are signed in.

    `link` stands for it: a hash, never the token itself.
    """
    request.META[HOLDER] = f"link:{link}"


def whose_forms(request: HttpRequest) -> object | None:
    """Return whose the forms of this page are: a primary key, or a link; None for nobody's."""
    user = getattr(request, "user", None)
    if user and user.is_authenticated:
        return user.pk
    return request.META.get(HOLDER)


def browser_mark(request: HttpRequest) -> str:
    """Return under which word the browser keeps what is typed into this page; "" for none."""
    whose = whose_forms(request)
    if whose is None:
        return ""
    # static/js/keep.js knows the holder of a link by it.
    start = "link-" if whose == request.META.get(HOLDER) else ""
    return start + person_mark(whose)


def sent_key(request: HttpRequest) -> str:
    """Return the key that a form brought, whosever it is; "" for none, or where it broke off."""
    try:
        return str(request.POST.get(FIELD, "")) if request.method == "POST" else ""
    except UnreadablePostError:
        return ""


def key_of(request: HttpRequest) -> str:
    """Return the key of the form that was sent, "" unless it is the person's own."""
    key, whose = sent_key(request), whose_forms(request)
    return key if key and whose is not None and is_of(key, whose) else ""


def is_put_back(request: HttpRequest) -> bool:
    """Tell whether a form shall only be shown again with what was typed."""
    return PUT_BACK in request.POST


def digest_of(request: HttpRequest) -> str:
    """Return what tells the sent form from any other, "" for one without a key of the person."""
    if not key_of(request):
        return ""
    sent = [(name, values) for name, values in sorted(request.POST.lists()) if name != TOKEN_FIELD]
    files = [
        (name, [(one.name, _digest_of_file(one)) for one in ones])
        for name, ones in sorted(request.FILES.lists())
    ]
    return hashlib.sha256(repr((request.get_full_path(), sent, files)).encode()).hexdigest()


def _digest_of_file(upload: UploadedFile) -> str:
    """Return what tells a file from another of the same name and size; it is read again after."""
    upload.seek(0)
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return digest.hexdigest()


def once(request: HttpRequest, service: Callable[[], T]) -> T:
    """Call `service`, unless the very same form has been carried out: then raise TakenError.

    What it raises is not carried out, and may be sent again. One request may carry out several.
    """
    digest = digest_of(request)
    if not digest or carried_out(request) == digest:
        return service()
    with transaction.atomic():
        try:
            # The second of two at once waits here for the first.
            TakenForm.objects.create(digest=digest)
        except IntegrityError as error:
            request.META[TAKEN] = True
            raise TakenError(_("This has been done already. Open the page again.")) from error
        result = service()
    request.META[CARRIED_OUT] = digest
    accept(request)
    return result


def accept(request: HttpRequest, key: str = "") -> None:
    """Note that what the form carried is stored, so that the browser may forget its copy.

    `key` names another form than the one that was sent.
    """
    request.META[ACCEPTED] = key or key_of(request)


def accepted(request: HttpRequest) -> str:
    """Return the key of the form whose content this request has stored, else ""."""
    return str(request.META.get(ACCEPTED, ""))


def carried_out(request: HttpRequest) -> str:
    """Return the digest of the form that this request has carried out, else ""."""
    return str(request.META.get(CARRIED_OUT, ""))


def was_taken(request: HttpRequest) -> bool:
    """Tell whether the form was found to be the second of two."""
    return bool(request.META.get(TAKEN))


def sweep_keys() -> int:
    """Forget forms that nobody sends twice any more; return how many."""
    return TakenForm.objects.filter(at__lt=days.now() - KEPT_FOR).delete()[0]
