"""The root of all addresses; each app owns its own."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from iuc_portal import views

# The admin's own sign-in knows no second factor and no limit of attempts.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

own = [
    path("favicon.ico", views.favicon, name="favicon"),
    path("robots.txt", views.robots, name="robots"),
    path("staff/components/", views.components, name="components"),
]
urlpatterns = [
    path("", include("showcase.urls")),
    path("", include("showcase.open_api.urls")),
    path("", include("iuc_portal.colleagues.urls")),
    path("", include("iuc_portal.homes.urls")),
    path("", include("reminders.urls")),
    path("", include("action_plans.urls")),
    path("", include("pairings.matching.urls")),
    path("", include("pairings.urls")),
    path("", include("applications.assessment.urls")),
    path("", include("applications.bulk.urls")),
    path("", include("applications.casework.urls")),
    path("", include("applications.urls")),
    path("", include("questionnaires.urls")),
    path("", include("programme.calls.urls")),
    path("", include("programme.organisations.urls")),
    path("", include("accounts.urls")),
    path("", include("core.jobs.urls")),
    path("", include("core.trail.urls")),
    path("accounts/", include("allauth.urls")),
    path("health/", include("iuc_portal.health")),
    path("", include((own, "portal"))),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
]

handler400 = "iuc_portal.views.bad_request"
handler403 = "iuc_portal.views.permission_denied"
handler404 = "iuc_portal.views.page_not_found"
handler500 = "iuc_portal.views.server_error"
