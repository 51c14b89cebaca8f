"""`manage.py load_programme`: the programme's real data, from the files in the project."""

from typing import Any

from django.core.management.base import BaseCommand

from pairings.models import Pairing
from pairings.services import record_published_pairing
from pairings.states import PairingStatus
from programme.calls.services import load_calls
from programme.organisations.services import load_organisations, published_pairings
from programme.services import Loaded, load_cities, load_reference_data
from questionnaires.models import TemplateVersion
from questionnaires.services import load_templates


class Command(BaseCommand):
    """Loads reference data, cities, organisations, past calls, templates and pairings."""

    help = (
        "Load the programme's real data. May be repeated: what is there is kept, nothing "
        "doubles, and nothing that people changed in the portal is overwritten."
    )

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 - Django's signature
        """Load everything in the order of its dependencies and say what was made."""
        for load in (load_reference_data, load_cities, load_organisations, load_calls):
            for loaded in load():
                self.report(loaded)
        self.report(self.load_questionnaires())
        self.report(self.load_pairings())

    def report(self, loaded: Loaded) -> None:
        """Print one line."""
        self.stdout.write(f"{loaded.label}: {loaded.made} made, {loaded.kept} kept")

    def load_questionnaires(self) -> Loaded:
        """Load the questionnaire templates."""
        before = TemplateVersion.objects.count()
        load_templates()
        made = TemplateVersion.objects.count() - before
        return Loaded("questionnaire versions", made, before)

    def load_pairings(self) -> Loaded:
        """Record the published pairings."""
        recorded = Pairing.objects.filter(status=PairingStatus.PUBLISHED)
        before = recorded.count()
        for eu, partner, topics in published_pairings():
            record_published_pairing(
                eu_organisation=eu, partner_organisation=partner, topics=topics
            )
        return Loaded("published pairings", recorded.count() - before, before)
