from django.urls import path

from iuc_portal.homes.views import city, staff

app_name = "homes"
urlpatterns = [
    path("my/", city.workspace, name="workspace"),
    path("staff/", staff.console, name="console"),
    path("staff/search/", staff.search, name="search"),
]
