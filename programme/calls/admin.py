"""Calls in the Django admin."""

from django.contrib import admin

from core.kit.admin import ReadOnlyAdmin
from programme.calls.models import Call


@admin.register(Call)
class CallAdmin(ReadOnlyAdmin):
    list_display = ("title", "code", "strand", "status", "opens_at", "closes_at")
    list_filter = ("status", "strand", "origin")
    search_fields = ("title", "code")
