"""Writes on the programme, by what they are about; import them from here."""

from programme.services.organisations import create_organisation, set_capacity
from programme.services.references import next_reference

__all__ = ["create_organisation", "next_reference", "set_capacity"]
