"""A person's own account, the way in after signing in, and the audit trail."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.forms import AccountForm
from accounts.services import update_own_account
from core.kit.saving import finish, posted, save


@require_safe
@login_required
def after_sign_in(request: HttpRequest) -> HttpResponse:
    """Send staff to the console and city people to their workspace."""
    is_staff = request.user.has_perm("accounts.enter_console")
    return redirect("homes:console" if is_staff else "homes:workspace")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def account(request: HttpRequest) -> HttpResponse:
    """Show and change what the person says of themselves."""
    user = request.user
    initial = {name: getattr(user, name) for name in AccountForm.base_fields}
    form = AccountForm(posted(request), initial=initial)
    sent = save(request, form, lambda: update_own_account(user=user, **form.cleaned_data))
    if sent.is_done:
        return finish(request, _("Your details are saved."), "accounts:account")
    return render(request, "accounts/account.html", {"form": form}, status=sent.status)
