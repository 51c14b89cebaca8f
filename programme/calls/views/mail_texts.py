"""Staff: the words of a call's mails."""

from typing import Any

from allauth.core import ratelimit
from django.contrib import messages
from django.core.mail import EmailMultiAlternatives
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import SignedInRequest
from core.kit.decorators import require_perm, staff_required
from core.kit.differences import differences, saved_first
from core.kit.errors import InvalidError
from core.kit.saving import Sent, finish, look, posted, press, save
from core.post.http import mail_in_frame
from core.post.models import MailText
from core.post.texts import OwnWords, cases_of
from programme.calls.forms.mail_texts import MailTextForm
from programme.calls.models import Call
from programme.calls.selectors.mail_texts import texts_of, writings_of
from programme.calls.services import send_test_mail, take_standard_text, write_mail_text
from programme.calls.services.mail_texts import Which, clean_words, mail_as_read, which_mail

NAV = {"nav_current": "calls:staff_calls"}


def _call_or_404(request: SignedInRequest, slug: str) -> Call:
    require_perm(request.user, "calls.edit_calls")
    return get_object_or_404(Call, slug=slug)


def _which_or_404(request: SignedInRequest, slug: str, kind: str, language: str) -> Which:
    call = _call_or_404(request, slug)
    try:
        return which_mail(call, kind, language)
    except InvalidError as error:
        raise Http404 from error


@require_safe
@staff_required
def mail_texts(request: SignedInRequest, slug: str) -> HttpResponse:
    """List the mails of a call, with whose words count in each language."""
    call = _call_or_404(request, slug)
    context = NAV | {"call": call, "texts": texts_of(call)}
    return render(request, "calls/mail_texts.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def mail_text(request: SignedInRequest, slug: str, kind: str, language: str) -> HttpResponse:
    """Word one mail in one language; `?take=N` puts an earlier writing into the form."""
    which = _which_or_404(request, slug, kind, language)
    writings = writings_of(which.call, kind, language)
    newest = writings[0] if writings else None
    earlier = [one for one in writings if not one.is_standard]
    taken = next((one for one in earlier if str(one.number) == request.GET.get("take")), None)
    form = _form(request, which, taken or newest, newest)
    is_test = "test" in request.POST
    sent = _tried(request, which, form) if is_test else _written(request, which, form)
    if sent.is_done and not is_test:
        done = _("The words are kept. They count for every mail that is written from now on.")
        return finish(request, done, "calls:staff_mail_text", slug, kind, language)
    if sent.is_done:
        messages.success(
            request,
            _("The test is on its way to %(address)s alone. Your words are not kept yet.")
            % {"address": request.user.email},
        )
    context = NAV | {
        "which": which,
        "call": which.call,
        "texts": texts_of(which.call),
        "form": form,
        "newest": newest,
        "earlier": earlier,
        "is_own": newest is not None and not newest.is_standard,
        "standard": which.standard(),
        "cases": cases_of(which.call, request.user),
        "saved_first": saved_first(
            sent, by=_by, rows=lambda now: differences(form, _form_of(which, now, form))
        ),
    }
    status = 200 if sent.is_done else sent.status
    return render(request, "calls/mail_text.html", context, status=status)


def _form(
    request: SignedInRequest, which: Which, shown: MailText | None, newest: MailText | None
) -> MailTextForm:
    return MailTextForm(
        posted(request),
        words=_words(which, shown),
        language=which.language,
        version=newest.number if newest else 0,
        reference=request.GET.get("of", ""),
    )


def _form_of(which: Which, row: MailText | None, typed: MailTextForm) -> MailTextForm:
    """Return the form as it opens with what is stored; what it is tried on is nobody's words."""
    reference = str(typed["reference"].value() or "")
    return MailTextForm(
        words=_words(which, row), language=which.language, version=0, reference=reference
    )


def _words(which: Which, row: MailText | None) -> OwnWords:
    return OwnWords(row.subject, row.text) if row and not row.is_standard else which.standard()


def _by(row: MailText | None) -> object | None:
    return row.by if row else None


def _typed(form: MailTextForm) -> dict[str, str]:
    return {name: form.cleaned_data[name] for name in ("subject", "text")}


def _written(request: SignedInRequest, which: Which, form: MailTextForm) -> Sent[Any]:
    return save(
        request,
        form,
        lambda: write_mail_text(
            call=which.call,
            kind=which.kind.key,
            language=which.language,
            **_typed(form),
            read_version=form.cleaned_data["version"],
            by=request.user,
        ),
    )


def _tried(request: SignedInRequest, which: Which, form: MailTextForm) -> Sent[Any]:
    def send() -> bool:
        if not ratelimit.consume(request, action="mail_test", user=request.user):
            raise InvalidError(
                _("You have sent many tests within an hour. Look at the mail here meanwhile.")
            )
        send_test_mail(
            call=which.call,
            kind=which.kind.key,
            language=which.language,
            **_typed(form),
            reference=form.cleaned_data["reference"],
            by=request.user,
        )
        return True

    return save(request, form, send)


@require_POST
@staff_required
def mail_standard(request: SignedInRequest, slug: str, kind: str, language: str) -> HttpResponse:
    """Take the standard text of a mail again."""
    which = _which_or_404(request, slug, kind, language)
    version = request.POST.get("version", "")
    press(
        request,
        lambda: take_standard_text(
            call=which.call,
            kind=kind,
            language=language,
            read_version=int(version) if version.isdecimal() and version.isascii() else 0,
            by=request.user,
        ),
        _("The standard text counts again. Yours is kept among the earlier ones."),
    )
    return redirect("calls:staff_mail_text", slug, kind, language)


@require_http_methods(["GET", "HEAD", "POST"])
@mail_in_frame
@staff_required
def mail_preview(
    request: SignedInRequest, slug: str, kind: str, language: str, *, plain: bool = False
) -> HttpResponse:
    """Answer a mail alone, for the frame beside the form: as it is stored, or as it is typed."""
    which = _which_or_404(request, slug, kind, language)
    form = _form(request, which, None, None)
    if request.method == "POST":
        sent = look(request, form, lambda: _as_typed(request, which, form))
        if not sent.is_done:
            words = [str(line) for lines in form.errors.values() for line in lines]
            return _alone("\n\n".join(words), status=sent.status)
        return _shown(sent.result, plain=plain)
    reference = request.GET.get("of", "")
    try:
        message = mail_as_read(which, which.stored(), reference=reference, by=request.user)
    except InvalidError as error:
        return _alone(str(error.message), status=error.status)
    return _shown(message, plain=plain)


def _as_typed(request: SignedInRequest, which: Which, form: MailTextForm) -> EmailMultiAlternatives:
    return mail_as_read(
        which,
        clean_words(which, **_typed(form)),
        reference=form.cleaned_data["reference"],
        by=request.user,
    )


def _alone(words: str, status: int = 200) -> HttpResponse:
    return HttpResponse(words, content_type="text/plain; charset=utf-8", status=status)


def _shown(message: EmailMultiAlternatives, *, plain: bool) -> HttpResponse:
    subject = _("Subject: %(subject)s") % {"subject": message.subject}
    if plain:
        return _alone(f"{subject}\n\n{message.body}")
    html = str(message.alternatives[0][0])
    head = format_html(
        '<body><table class="page" role="presentation" align="center"><tr><td class="part">{}</td>'
        "</tr></table>",
        subject,
    )
    return HttpResponse(html.replace("<body>", head, 1))
