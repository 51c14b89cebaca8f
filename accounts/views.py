"""A person's own account, what is held about them, and the way in after signing in."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.forms import AccountForm
from accounts.http import SignedInRequest
from accounts.services import update_own_account
from core.kit.days import now, saved_at_words, today
from core.kit.holdings import held_about
from core.kit.keys import accept
from core.kit.saving import finish, posted, save
from core.kit.shown import page_at
from core.kit.unsent import forget_unsent, unsent_of


@require_safe
@login_required
def after_sign_in(request: SignedInRequest) -> HttpResponse:
    """Send staff to the console and city people to their workspace."""
    is_staff = request.user.has_perm("accounts.enter_console")
    return redirect("homes:console" if is_staff else "homes:workspace")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def account(request: SignedInRequest) -> HttpResponse:
    """Show and change what the person says of themselves."""
    user = request.user
    initial = {name: getattr(user, name) for name in AccountForm.base_fields}
    form = AccountForm(posted(request), initial=initial)
    sent = save(request, form, lambda: update_own_account(user=user, **form.cleaned_data))
    if sent.is_done:
        return finish(request, _("Your details are saved."), "accounts:account")
    return render(request, "accounts/account.html", {"form": form}, status=sent.status)


@require_safe
@login_required
def held(request: SignedInRequest) -> HttpResponse:
    """Hand out what the portal holds about the person who asks, and about nobody else."""
    document = {"person": request.user.email, "made_at": now(), "held": held_about(request.user)}
    response = JsonResponse(document, json_dumps_params={"indent": 2, "ensure_ascii": False})
    name = f"what-the-portal-holds-{today().isoformat()}.json"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def unsent(request: SignedInRequest) -> HttpResponse:
    """Show a form that was sent after its sender's session had ended, to be sent again.

    A POST discards it.
    """
    found = unsent_of(request, request.user.pk)
    if found is None:
        return redirect("accounts:after_sign_in")
    answers = found.answers(request)
    is_file_alone = found.has_file and not answers
    if request.method == "POST":
        forget_unsent(request)
        # The browser's own copy goes too.
        accept(request, found.key)
        # Where they were, if that page is still there.
        back = found.page if page_at(request, found.page) else "accounts:after_sign_in"
        if is_file_alone:
            return redirect(back)
        return finish(request, _("Your text is discarded."), back)
    context = {
        "unsent": found,
        "answers": answers,
        "is_file_alone": is_file_alone,
        "time": saved_at_words(now()),
    }
    return render(request, "accounts/unsent.html", context)
