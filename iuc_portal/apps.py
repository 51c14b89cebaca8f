from django.apps import AppConfig


class IucPortalConfig(AppConfig):
    name = "iuc_portal"
    verbose_name = "IUC portal"
