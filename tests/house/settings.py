"""The portal with one more app: its name here and its addresses in urls.py, nothing else."""

from iuc_portal.settings.test import *  # noqa: F403

INSTALLED_APPS = ["tests.house.minutes", *INSTALLED_APPS]  # noqa: F405
ROOT_URLCONF = "tests.house.urls"
