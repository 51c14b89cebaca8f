from django.urls import path

from reminders.views import outbox

app_name = "reminders"
urlpatterns = [
    path("staff/outbox/", outbox.outbox, name="outbox"),
    path("staff/outbox/<int:pk>/", outbox.mail, name="mail"),
    path("staff/outbox/<int:pk>/body/", outbox.mail_body, name="mail_body"),
    path("staff/outbox/<int:pk>/hold/", outbox.mail_hold, name="mail_hold"),
    path("staff/outbox/<int:pk>/release/", outbox.mail_release, name="mail_release"),
    path("staff/outbox/<int:pk>/correct/", outbox.mail_correct, name="mail_correct"),
    path("staff/outbox/<int:pk>/retry/", outbox.mail_retry, name="mail_retry"),
]
