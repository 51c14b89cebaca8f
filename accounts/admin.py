"""The Django admin reads; writes go through services, which check and record them."""

from allauth.mfa import admin as mfa_admin  # noqa: F401 - registers what stands below anew
from allauth.mfa.models import Authenticator
from django.contrib import admin

from accounts.models import User
from core.kit.admin import ReadOnlyAdmin


@admin.register(User)
class UserAdmin(ReadOnlyAdmin):
    list_display = ("email", "full_name", "staff_role", "is_active", "is_demo")
    list_filter = ("staff_role", "is_active", "is_demo")
    search_fields = ("email", "full_name")
    exclude = ("password",)


admin.site.unregister(Authenticator)


@admin.register(Authenticator)
class AuthenticatorAdmin(ReadOnlyAdmin):
    """Nobody reads the secret of one; a lost one is taken away in the console, with a reason."""

    list_display = ("user", "type", "created_at", "last_used_at")
    list_select_related = ("user",)
    exclude = ("data",)
