"""What several tests of the programme share."""

from types import SimpleNamespace

import pytest

from tests.factories.accounts import CoordinatorFactory
from tests.factories.programme import CountryFactory, OrganisationFactory


@pytest.fixture
def two():
    """Two rows of one city, and who merges them."""
    country = CountryFactory()
    stays = OrganisationFactory(name="Rijeka", country=country, capacity=1)
    goes = OrganisationFactory(name="Grad Rijeka", country=country, capacity=2)
    return SimpleNamespace(stays=stays, goes=goes, by=CoordinatorFactory())
