"""The Django admin of the programme: audited things are read, word lists may be edited."""

from django.contrib import admin

from accounts.admin import ReadOnlyAdmin
from programme.models import (
    Call,
    City,
    Country,
    Goal,
    Invitation,
    Membership,
    Organisation,
    Strand,
    Theme,
    Topic,
)


@admin.register(Call)
class CallAdmin(ReadOnlyAdmin):
    list_display = ("title", "code", "strand", "status", "opens_at", "closes_at")
    list_filter = ("status", "strand", "origin")
    search_fields = ("title", "code")


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


@admin.register(Topic)
class TopicAdmin(admin.ModelAdmin):
    """New calls bring new topics; staff may add and group them."""

    list_display = ("name",)
    list_filter = ("themes",)
    search_fields = ("search_name",)
    filter_horizontal = ("themes",)


@admin.register(City)
class CityAdmin(admin.ModelAdmin):
    """A place that GeoNames does not list can be added."""

    list_display = ("name", "country", "reference_population", "geonameid")
    list_select_related = ("country",)
    search_fields = ("search_name",)
    autocomplete_fields = ("country",)


@admin.register(Country)
class CountryAdmin(ReadOnlyAdmin):
    list_display = ("name", "code", "side", "world_region", "is_eu_member")
    search_fields = ("search_name", "code")


@admin.register(Strand, Theme, Goal)
class ReferenceAdmin(ReadOnlyAdmin):
    """These follow the files of the project; a new load would undo a change."""

    list_display = ("__str__",)
