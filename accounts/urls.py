from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("accounts/after-sign-in/", views.after_sign_in, name="after_sign_in"),
    path("accounts/me/", views.account, name="account"),
    path("accounts/unsent/", views.unsent, name="unsent"),
    path("accounts/me/held/", views.held, name="held"),
]
