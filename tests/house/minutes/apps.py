from django.apps import AppConfig


class MinutesConfig(AppConfig):
    name = "tests.house.minutes"
