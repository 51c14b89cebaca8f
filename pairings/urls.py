from django.urls import path

from pairings.views import city, questions, staff, staff_correct, staff_new, wishes

app_name = "pairings"
urlpatterns = [
    path("my/pairings/", city.mine, name="mine"),
    path("my/pairings/<str:reference>/", city.workspace, name="workspace"),
    path("my/pairings/<str:reference>/answer/", city.answer, name="answer"),
    path("my/pairings/<str:reference>/sign/", city.sign, name="sign"),
    path("my/pairings/<str:reference>/questions/", questions.questions, name="questions"),
    path(
        "staff/pairings/<str:reference>/questions/<int:member>/",
        questions.staff_questions,
        name="staff_questions",
    ),
    path("my/applications/<str:reference>/partners/", wishes.partners, name="partners"),
    path("my/applications/<str:reference>/partners/<slug:slug>/", wishes.partner, name="partner"),
    path("my/applications/<str:reference>/like-us/", wishes.like_us, name="like_us"),
    path("staff/pairings/", staff.staff_list, name="staff_list"),
    path("staff/pairings/new/", staff_new.staff_new, name="staff_new"),
    path("staff/pairings/<str:reference>/", staff.staff_detail, name="staff_detail"),
    path(
        "staff/pairings/<str:reference>/correct/",
        staff_correct.staff_correct,
        name="staff_correct",
    ),
    path(
        "staff/pairings/<str:reference>/prolong/",
        staff_correct.staff_prolong,
        name="staff_prolong",
    ),
    path("staff/pairings/<str:reference>/remind/", staff_correct.staff_remind, name="staff_remind"),
    path("staff/pairings/<str:reference>/cancel/", staff.staff_cancel, name="staff_cancel"),
    path("staff/pairings/<str:reference>/complete/", staff.staff_complete, name="staff_complete"),
    path("staff/pairings/<str:reference>/sign/<int:member>/", staff.staff_sign, name="staff_sign"),
    path(
        "staff/pairings/<str:reference>/milestones/<slug:key>/",
        staff.staff_milestone,
        name="staff_milestone",
    ),
]
