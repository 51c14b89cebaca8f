"""Demo of an application that its lead passes on: another member is asked, and has not answered."""

from typing import Any

from django.db import transaction

from applications.models import LeadOffer
from applications.services import (
    add_municipality,
    edit_municipality,
    offer_lead,
    save_applicant,
    start_application,
)
from applications.states import ApplicantKind
from iuc_portal.demo.applications import SOURCE, YEAR, ZADAR, application_of
from iuc_portal.demo.calls import AMERICAS
from iuc_portal.demo.people import person
from programme.calls.models import Call
from programme.organisations.models import Organisation

ASKED = "Rijeka"
NOTE = (
    "Our office for European projects closes in spring. What is written stays; you would finish it."
)


@transaction.atomic
def make_offer() -> None:
    """Let the lead of a group ask another member to lead it, unless it has asked already."""
    lead = person("lead-zadar")
    if application_of("lead-zadar", AMERICAS) or LeadOffer.objects.exists():
        return
    application = start_application(
        call=Call.objects.get(code=AMERICAS),
        organisation=Organisation.objects.get(name=ZADAR),
        by=lead,
    )
    own = application.municipalities.get(is_lead=True)
    figures: dict[str, Any] = {"population_year": YEAR, "population_source": SOURCE}
    edit_municipality(municipality=own, by=lead, name="Zadar", population=70_800, **figures)
    application.refresh_from_db()
    application = save_applicant(
        application=application,
        kind=ApplicantKind.GROUP,
        exception_reason="",
        read_version=application.version,
        by=lead,
    )
    member = add_municipality(
        application=application,
        name=ASKED,
        by=lead,
        country=own.country,
        population=107_900,
        **figures,
    )
    application.refresh_from_db()
    offer_lead(application=application, municipality=member, by=lead, note=NOTE)
