from django.urls import path

from programme.calls.states import Closing
from programme.calls.views import calls, closings, deadlines, mail_texts, questions, simulator

app_name = "calls"
_MAIL = "staff/calls/<slug:slug>/mails/<str:kind>/<str:language>/"
urlpatterns = [
    path("calls/<slug:slug>/questions/", questions.questions, name="questions"),
    path("calls/<slug:slug>/questions/alike/", questions.alike, name="alike_questions"),
    path("calls/<slug:slug>/questions/follow/", questions.follow, name="follow_answers"),
    path("calls/<slug:slug>/questions/<int:pk>/helped/", questions.helped, name="say_helped"),
    path("staff/calls/", calls.call_list, name="staff_calls"),
    path("staff/calls/new/", calls.call_new, name="staff_call_new"),
    path("staff/calls/<slug:slug>/", calls.call_edit, name="staff_call"),
    path("staff/calls/<slug:slug>/copy/", calls.call_copy, name="staff_call_copy"),
    path("staff/calls/<slug:slug>/deadline/", deadlines.call_deadline, name="staff_call_deadline"),
    path(
        "staff/calls/<slug:slug>/first-stage/",
        deadlines.call_deadline,
        {"closing": Closing.FIRST_STAGE},
        name="staff_call_first_stage",
    ),
    path("staff/calls/<slug:slug>/publish/", calls.call_publish, name="staff_call_publish"),
    path("staff/calls/<slug:slug>/simulator/", simulator.simulator, name="staff_simulator"),
    path("staff/calls/<slug:slug>/mails/", mail_texts.mail_texts, name="staff_mail_texts"),
    path(_MAIL, mail_texts.mail_text, name="staff_mail_text"),
    path(f"{_MAIL}standard/", mail_texts.mail_standard, name="staff_mail_standard"),
    path(f"{_MAIL}preview/", mail_texts.mail_preview, name="staff_mail_preview"),
    path(
        f"{_MAIL}preview/text/",
        mail_texts.mail_preview,
        {"plain": True},
        name="staff_mail_preview_text",
    ),
    path("staff/calls/<slug:slug>/closings/", closings.closings, name="staff_closings"),
    path("staff/calls/<slug:slug>/closings/code/", closings.code_new, name="staff_late_code_new"),
    path("staff/late-codes/<int:pk>/revoke/", closings.code_revoke, name="staff_late_code_revoke"),
    path("staff/extensions/<int:pk>/", closings.extension, name="staff_extension"),
    path("staff/questions/", questions.staff_list, name="staff_questions"),
    path("staff/questions/<int:pk>/", questions.staff_question, name="staff_question"),
    path("staff/questions/<int:pk>/close/", questions.staff_close, name="staff_question_close"),
]
