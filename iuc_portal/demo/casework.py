"""Demo of how staff work together: owners, tags, and notes that call a colleague."""

from django.db import transaction

from applications.casework.models import CaseOwner, Note, StaffTag
from applications.casework.services import save_tag, set_owner, set_tags, write_note
from applications.casework.states import Tone
from iuc_portal.demo.applications import application_of
from iuc_portal.demo.people import person

TAGS = {
    "Legal question": Tone.WARNING,
    "Story for the web": Tone.INFO,
    "Same city twice?": Tone.DANGER,
}
OWNED = {"lead-malmo": "coordinator", "lead-galati": "desk-india"}
TAGGED = {"lead-malmo": ("Legal question",), "lead-galati": ("Story for the web",)}
NOTES = (
    ("lead-malmo", "coordinator", "I have asked who decides on the first visit. No more is open."),
    ("lead-galati", "coordinator", "@Meera Pillai, could you ask in Delhi about a first visit?"),
    ("lead-zadar", "desk-india", "@Ilse Verbeek, Kochi asked about a city with few wells: this?"),
)


@transaction.atomic
def make_casework() -> None:
    """Let staff work on some of the demo's applications, unless they do so already."""
    if Note.objects.exists() or StaffTag.objects.exists() or CaseOwner.objects.exists():
        return
    boss = person("coordinator")
    tags = {name: save_tag(name=name, tone=tone, by=boss) for name, tone in TAGS.items()}
    for login, owner in OWNED.items():
        application = application_of(login)
        if application is not None:
            set_owner(application=application, owner=person(owner), read_version=0, by=boss)
            set_tags(application=application, tags=[tags[name] for name in TAGGED[login]], by=boss)
    for login, writer, text in NOTES:
        application = application_of(login)
        if application is not None:
            write_note(application=application, text=text, by=person(writer))
