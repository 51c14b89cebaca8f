"""Addresses of casework: owners, notes, tags."""

from django.urls import path

from applications.casework.views import notes, owning, tags

app_name = "casework"

_OF_APPLICATION = "staff/applications/<str:reference>"

urlpatterns = [
    path(f"{_OF_APPLICATION}/owner/", owning.owner, name="owner"),
    path(f"{_OF_APPLICATION}/owner/take/", owning.take, name="take"),
    path(f"{_OF_APPLICATION}/notes/", notes.notes, name="notes"),
    path(f"{_OF_APPLICATION}/tags/", tags.of_application, name="application_tags"),
    path("staff/notes/", notes.mine, name="mine"),
    path("staff/notes/<int:pk>/", notes.note, name="note"),
    path("staff/notes/<int:pk>/remove/", notes.remove, name="note_remove"),
    path("staff/tags/", tags.tags, name="tags"),
    path("staff/tags/new/", tags.new, name="tag_new"),
    path("staff/tags/<int:pk>/", tags.tag, name="tag"),
    path("staff/tags/<int:pk>/merge/", tags.merge, name="tag_merge"),
    path("staff/tags/<int:pk>/remove/", tags.remove, name="tag_remove"),
]
