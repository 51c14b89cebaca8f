"""Organisations and their people in the Django admin."""

from django.contrib import admin

from core.kit.admin import ReadOnlyAdmin
from programme.organisations.models import Invitation, Membership, Organisation


@admin.register(Organisation)
class OrganisationAdmin(ReadOnlyAdmin):
    list_display = ("name", "country", "kind", "side", "capacity", "origin")
    list_filter = ("side", "kind", "origin")
    list_select_related = ("country",)
    search_fields = ("search_name",)


@admin.register(Membership)
class MembershipAdmin(ReadOnlyAdmin):
    list_display = ("user", "organisation", "role", "since")
    list_filter = ("role",)
    list_select_related = ("user", "organisation")


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    list_display = ("email", "organisation", "role", "created_at", "expires_at")
    list_select_related = ("organisation",)
    exclude = ("token_hash",)
