"""Published pairings that the tests of the public pages share."""

import pytest

from programme.organisations.models import OrganisationCity
from tests.factories.pairings import PublishedPairingFactory
from tests.factories.programme import (
    CityFactory,
    CountryFactory,
    OrganisationFactory,
    PartnerCountryFactory,
    PartnerOrganisationFactory,
    ThemeFactory,
    TopicFactory,
)


@pytest.fixture
def lodz_and_panaji(db):
    """Łódź and Panaji-Goa on mobility."""
    poland = CountryFactory(code="PL", name="Poland")
    lodz = OrganisationFactory(
        name="Łódź", slug="lodz", country=poland, latitude=51.77, longitude=19.45
    )
    panaji = PartnerOrganisationFactory(name="Panaji-Goa", slug="panaji-goa")
    OrganisationCity.objects.create(
        organisation=lodz, city=CityFactory(name="Łódź", country=poland)
    )
    mobility = ThemeFactory(slug="urban-mobility", name="Urban mobility", icon="bus")
    topic = TopicFactory(name="trams and buses", themes=[mobility])
    return PublishedPairingFactory(
        slug="lodz-panaji-goa", organisations=[lodz, panaji], topics=[topic]
    )


@pytest.fixture
def genoa_and_rosario(db):
    """Genoa and Rosario on energy."""
    italy = CountryFactory(code="IT", name="Italy")
    argentina = PartnerCountryFactory(code="AR", name="Argentina")
    genoa = OrganisationFactory(
        name="Genoa", slug="genoa", country=italy, latitude=44.4, longitude=8.94
    )
    rosario = PartnerOrganisationFactory(
        name="Rosario", slug="rosario", country=argentina, latitude=-32.95, longitude=-60.64
    )
    energy = ThemeFactory(slug="energy", name="Energy")
    return PublishedPairingFactory(
        slug="genoa-rosario",
        organisations=[genoa, rosario],
        topics=[TopicFactory(name="clean energy", themes=[energy])],
    )
