"""The Django admin of how pairings ended and milestones moved: rows to read."""

from django.contrib import admin

from core.kit.admin import ReadOnlyAdmin
from pairings.models import MilestoneMove, PairingClosing


@admin.register(PairingClosing)
class PairingClosingAdmin(ReadOnlyAdmin):
    list_display = ("pairing", "number", "outcome", "at", "by")
    list_filter = ("outcome",)
    list_select_related = ("pairing", "by")
    search_fields = ("pairing__reference", "reason")


@admin.register(MilestoneMove)
class MilestoneMoveAdmin(ReadOnlyAdmin):
    list_display = ("milestone", "number", "moved_from", "moved_to", "at", "by")
    list_select_related = ("milestone", "by")
    search_fields = ("milestone__pairing__reference", "milestone__title", "reason")
