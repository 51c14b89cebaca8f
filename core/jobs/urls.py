from django.urls import path

from core.jobs import views

app_name = "jobs"
urlpatterns = [
    path("jobs/", views.mine, name="mine"),
    path("jobs/<str:key>/", views.job_page, name="job"),
    path("jobs/<str:key>/stop/", views.cancel, name="cancel"),
    path("jobs/<str:key>/result/", views.result, name="result"),
]
