from django.urls import path

from showcase.open_api.views import api

urlpatterns = [path("api/v1/", api.urls)]
