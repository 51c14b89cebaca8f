"""A person's own account, the way in after signing in, and the audit trail."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.forms import AccountForm
from accounts.services import update_own_account


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
    form = AccountForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        update_own_account(user=user, **form.cleaned_data)
        messages.success(request, _("Your details are saved."))
        return redirect("accounts:account")
    status = 422 if form.is_bound else 200
    return render(request, "accounts/account.html", {"form": form}, status=status)
