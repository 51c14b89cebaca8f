"""The audit trail in the Django admin."""

from django.contrib import admin

from core.kit.admin import ReadOnlyAdmin
from core.trail.models import AuditEvent


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin):
    list_display = ("at", "verb", "target_label", "actor_name")
    list_filter = ("verb",)
    list_select_related = ("words", "target_type")
    search_fields = ("words__label", "words__actor_name", "words__reason")
