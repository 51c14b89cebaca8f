from django.urls import include, path

from iuc_portal.urls import *  # noqa: F403

urlpatterns = [path("", include("tests.house.minutes.urls")), *urlpatterns]  # noqa: F405
