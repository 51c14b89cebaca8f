"""WSGI entry point, served by gunicorn."""

import os
from pathlib import Path

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.template.loader import get_template
from django.urls import reverse

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "iuc_portal.settings.base")


def warm_up() -> None:
    """Load addresses and templates before the first visitor waits for it.

    Where gunicorn loads the portal before it makes its processes, they share what is loaded.
    """
    reverse("health:live")
    folder = Path(settings.BASE_DIR) / "templates"
    for path in folder.rglob("*.html"):
        get_template(str(path.relative_to(folder)))


application = get_wsgi_application()
warm_up()
