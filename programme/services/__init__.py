"""Writes on the programme, by what they are about; import them from here."""

from programme.services.loading import Loaded, load_cities, load_reference_data
from programme.services.organisations import create_organisation, set_capacity
from programme.services.published import (
    load_calls,
    load_organisations,
    published_pairings,
)
from programme.services.references import next_reference

__all__ = [
    "Loaded",
    "create_organisation",
    "load_calls",
    "load_cities",
    "load_organisations",
    "load_reference_data",
    "next_reference",
    "published_pairings",
    "set_capacity",
]
