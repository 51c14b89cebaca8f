"""`manage.py seed_demo`: demo accounts and cases, clearly marked, up to a stage."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from iuc_portal.demo.applications import make_applications
from iuc_portal.demo.assessments import make_assessments
from iuc_portal.demo.calls import make_calls
from iuc_portal.demo.casework import make_casework
from iuc_portal.demo.colleagues import make_colleagues
from iuc_portal.demo.getting_in import make_ways_in
from iuc_portal.demo.interests import make_interests
from iuc_portal.demo.mail_texts import make_mail_texts
from iuc_portal.demo.many import hold_many
from iuc_portal.demo.matching import make_runs
from iuc_portal.demo.pairings import make_pairings
from iuc_portal.demo.passing import make_offer
from iuc_portal.demo.people import DUBROVNIK, make_people
from iuc_portal.demo.plans import make_plans
from iuc_portal.demo.questions import make_extension, make_questions
from programme.organisations.models import Organisation


def _applications() -> int:
    """Make applications with what was asked around them; return how many applications."""
    made = make_applications()
    make_offer()
    make_interests()
    make_questions()
    make_extension()
    make_assessments()
    make_casework()
    hold_many()
    make_mail_texts()
    return made


def _pairings() -> int:
    """Make pairings, and runs of a call whose cities wait for theirs; return how many pairings."""
    made = make_pairings()
    make_runs()
    return made


STAGES = {
    "calls": ("calls made or moved on", make_calls),
    "applications": ("applications", _applications),
    "pairings": ("pairings", _pairings),
    "plans": ("plans", make_plans),
}


class Command(BaseCommand):
    """Add what a demo needs; run again, it adds only what is missing."""

    help = (
        "Add demo accounts and cases up to a stage, earlier stages included. Needs DEMO=1 and "
        "the data of load_programme. May be repeated: nothing doubles."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--stage", choices=list(STAGES), default="plans")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Make people, then each stage up to the one asked for."""
        if not settings.DEMO:
            message = "Demo accounts have known passwords. Set DEMO=1 to have them, never in use."
            raise CommandError(message)
        if not Organisation.objects.filter(name=DUBROVNIK).exists():
            message = "The programme's data is missing. Run `manage.py load_programme` first."
            raise CommandError(message)
        made = {"people": make_people(), "ways in": make_ways_in()}
        made["colleagues"] = make_colleagues()
        for stage, (label, make) in STAGES.items():
            made[label] = make()
            if stage == options["stage"]:
                break
        if options["verbosity"]:
            for label, number in made.items():
                self.stdout.write(f"demo {label}: {number} made")
