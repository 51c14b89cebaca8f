"""What a regional desk hands over: the countries that it looks after, and so their cases."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.selectors import staff_who_get_mail
from accounts.states import StaffRole
from core.kit.handovers import Item
from programme.organisations.models import DeskCountry
from programme.organisations.services import pass_on_country

if TYPE_CHECKING:
    from django.db.models import QuerySet


def _countries(person: User, _by: User) -> "QuerySet[DeskCountry]":
    return person.desk_countries.select_related("country").order_by("country__search_name")


def _desks(person: User) -> "QuerySet[User]":
    desks = staff_who_get_mail(StaffRole.REGIONAL_DESK)
    return desks.exclude(pk=person.pk).order_by("search_name")


ITEMS = [
    Item(
        "countries",
        _("Countries of the desk, with all that is due there"),
        _countries,
        _desks,
        pass_on_country,
        lambda row: str(row.country),
    ),
]
