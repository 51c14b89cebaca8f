"""What applications are searched by, written anew when their organisation changes."""

from applications.models import Application
from applications.selectors import searched_text
from core.duties.services import touch
from programme.organisations.models import Organisation


def find_anew(organisation: Organisation) -> None:
    """Let search find its applications by what it is called, and plan their duties anew."""
    for application in Application.objects.filter(organisation=organisation):
        application.search_text = searched_text(application)
        application.save(update_fields=["search_text"])
        touch(application)
