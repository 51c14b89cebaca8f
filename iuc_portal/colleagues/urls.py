from django.urls import path

from iuc_portal.colleagues.views import inviting, leaving, looking, practising, second_factor, steps

app_name = "colleagues"
urlpatterns = [
    path("staff/people/invite/", inviting.invite, name="invite"),
    path("staff/people/invitations/", inviting.invitations, name="invitations"),
    path("staff/people/invitations/<int:pk>/again/", inviting.invite_again, name="invite_again"),
    path("staff/people/invitations/<int:pk>/take-back/", inviting.take_back, name="take_back"),
    path("staff/people/<int:pk>/second-factor/", second_factor.reset, name="second_factor"),
    path("staff/people/<int:pk>/hand-over/", leaving.hand_over, name="hand_over"),
    path("invitations/staff/<str:token>/", inviting.join, name="join"),
    path("staff/first-steps/", steps.first_steps, name="first_steps"),
    path("staff/first-steps/end/", steps.end, name="end_first_steps"),
    path("staff/first-steps/<slug:key>/done/", steps.tick, name="tick_step"),
    path("staff/first-steps/<slug:key>/open/", steps.untick, name="untick_step"),
    path("staff/practice/", practising.home, name="practice"),
    path("staff/practice/colleagues/", practising.colleagues, name="practised"),
    path("staff/practice/begin/", practising.begin, name="practice_begin"),
    path("staff/practice/end/", practising.end, name="practice_end"),
    path("staff/practice/read/", practising.read, name="practice_read"),
    path("staff/practice/desk/<path:page>", practising.desk, name="practice_desk"),
    path("staff/guide/", steps.guide, name="guide"),
    path("staff/look/", looking.look, name="look"),
    path("staff/look/stop/", looking.stop_looking, name="stop_looking"),
]
