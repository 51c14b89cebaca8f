"""Addresses of the assessment: scoring, agreeing, ranking and letters."""

from django.urls import URLPattern

app_name = "assessment"

urlpatterns: list[URLPattern] = []
