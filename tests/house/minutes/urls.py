from django.urls import path

from tests.house.minutes import views

app_name = "minutes"
urlpatterns = [path("staff/minutes/", views.staff_list, name="staff_list")]
