"""The Django admin of the programme: audited things are read, word lists may be edited."""

from django.contrib import admin

from core.kit.admin import ReadOnlyAdmin
from programme.models import City, Country, Goal, Language, MainTopic, Strand, Tag, Theme, Topic


@admin.register(Topic)
class TopicAdmin(admin.ModelAdmin):
    """New calls bring new topics; staff may add and group them."""

    list_display = ("name",)
    list_filter = ("themes", "main_topics")
    search_fields = ("search_name",)
    filter_horizontal = ("themes", "main_topics")


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


@admin.register(Strand, Theme, MainTopic, Tag, Language, Goal)
class ReferenceAdmin(ReadOnlyAdmin):
    """These follow the files of the project; a new load would undo a change."""

    list_display = ("__str__",)
