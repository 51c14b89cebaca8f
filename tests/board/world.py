"""A board whose cities can be paired for real."""

from tests.factories.applications import AcceptedApplicationFactory
from tests.factories.matching import BoardFactory, DoneRunFactory
from tests.factories.programme import (
    CallFactory,
    OrganisationFactory,
    PartnerCountryFactory,
    PartnerOrganisationFactory,
)

EU, PARTNERS = ("riga", "split"), ("kochi", "surat")


def make_board(**run):
    """Return a board with a run of Riga and Split, which are chosen, and of Kochi and Surat."""
    india = PartnerCountryFactory()
    call = CallFactory(partner_countries=[india])
    for slug in EU:
        city = OrganisationFactory(slug=slug, name=slug.title())
        AcceptedApplicationFactory(call=call, organisation=city)
    for slug in PARTNERS:
        PartnerOrganisationFactory(slug=slug, name=slug.title(), country=india, capacity=1)
    return BoardFactory(run=DoneRunFactory(call=call, **run))
