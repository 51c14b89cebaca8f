from django.urls import path

from questionnaires import views

app_name = "questionnaires"
urlpatterns = [
    path(
        "staff/calls/<slug:slug>/questionnaires/",
        views.call_questionnaires,
        name="call_questionnaires",
    ),
    path("staff/templates/", views.staff_templates, name="staff_templates"),
    path("staff/templates/<int:pk>/", views.staff_template, name="staff_template"),
    path("staff/templates/new/<slug:key>/", views.version_new, name="version_new"),
    path("staff/templates/<int:pk>/publish/", views.version_publish, name="version_publish"),
    path("staff/templates/<int:pk>/sections/new/", views.section_new, name="section_new"),
    path("staff/templates/sections/<int:pk>/", views.section_edit, name="section_edit"),
    path("staff/templates/sections/<int:pk>/move/", views.section_move, name="section_move"),
    path(
        "staff/templates/sections/<int:pk>/remove/",
        views.section_remove,
        name="section_remove",
    ),
    path(
        "staff/templates/sections/<int:pk>/questions/new/",
        views.question_new,
        name="question_new",
    ),
    path("staff/templates/questions/<int:pk>/", views.question_edit, name="question_edit"),
    path("staff/templates/questions/<int:pk>/move/", views.question_move, name="question_move"),
    path(
        "staff/templates/questions/<int:pk>/remove/",
        views.question_remove,
        name="question_remove",
    ),
]
