"""The Django admin of what was sent and decided: rows to read."""

from django.contrib import admin

from applications.models import Decision, Submission
from core.kit.admin import ReadOnlyAdmin


@admin.register(Submission)
class SubmissionAdmin(ReadOnlyAdmin):
    list_display = ("application", "number", "at", "by", "sha256")
    list_select_related = ("application__organisation", "by")
    search_fields = ("application__reference",)


@admin.register(Decision)
class DecisionAdmin(ReadOnlyAdmin):
    list_display = ("application", "number", "stage", "outcome", "at", "by")
    list_filter = ("stage", "outcome")
    list_select_related = ("application__organisation", "by")
    search_fields = ("application__reference", "reason")
