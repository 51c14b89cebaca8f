from django.urls import path

from programme.calls import views

app_name = "calls"
urlpatterns = [
    path("staff/calls/", views.call_list, name="staff_calls"),
    path("staff/calls/new/", views.call_new, name="staff_call_new"),
    path("staff/calls/<slug:slug>/", views.call_edit, name="staff_call"),
    path("staff/calls/<slug:slug>/deadline/", views.call_deadline, name="staff_call_deadline"),
    path("staff/calls/<slug:slug>/publish/", views.call_publish, name="staff_call_publish"),
]
