"""Addresses of actions on many applications."""

from django.urls import path

from applications.bulk import views

app_name = "bulk"
urlpatterns = [
    path("staff/bulk/", views.choose, name="choose"),
    path("staff/bulk/<int:pk>/", views.run_page, name="run"),
    path("staff/bulk/<int:pk>/stop/", views.stop, name="stop"),
    path("staff/bulk/<int:pk>/go-on/", views.resume, name="go_on"),
    path("staff/bulk/<int:pk>/undo/", views.undo, name="undo"),
    path("staff/bulk/<int:pk>/undo/<int:row>/", views.undo_one, name="undo_one"),
]
