from django.urls import path

from core.trail import views

app_name = "trail"
urlpatterns = [path("staff/audit/", views.audit, name="audit")]
