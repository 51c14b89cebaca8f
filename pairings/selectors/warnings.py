"""What speaks against pairing some cities: what they said of each other, and where they lie."""

from collections.abc import Collection, Iterable

from django.db.models import prefetch_related_objects
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from accounts.models import User
from applications.models import Application
from applications.states import WishKind
from pairings.models import PartnerWish
from pairings.selectors.wishes import wishes_among
from programme.calls.models import Call
from programme.organisations.models import Organisation


def warnings_of(
    call: Call,
    organisations: Collection[Organisation],
    applications: Collection[Application],
    reader: User,
) -> list[str]:
    """Return as sentences which wish a pairing of these cities breaks, and what was not asked for.

    What a city said of another since it was chosen counts before what its application says of the
    same one. Of what the reader has a link with nothing is told: `applications` are those of the
    cities that the reader may see. Prefetch the cities' `cities` and `country`.
    """
    said = {
        (wish.organisation_id, wish.about_id): wish
        for wish in wishes_among(call.pk, organisations, reader)
    }
    prefetch_related_objects(list(applications), "wishes", "partner_countries")
    of_city = {application.organisation_id: application for application in applications}
    found: list[str] = []
    for one in organisations:
        for other in organisations:
            if one.side == other.side:
                continue
            if wish := said.get((one.pk, other.pk)):
                found += _broken(wish)
            elif application := of_city.get(one.pk):
                found += _not_asked_for(application, one, other)
    return found


def _broken(wish: PartnerWish) -> Iterable[str]:
    if wish.is_wanted:
        return
    names = {"one": wish.organisation.name, "other": wish.about.name, "word": wish.word}
    if wish.word:
        yield _("%(one)s would rather not work with %(other)s: “%(word)s”") % names
    else:
        yield _("%(one)s would rather not work with %(other)s.") % names


def _not_asked_for(
    application: Application, one: Organisation, other: Organisation
) -> Iterable[str]:
    names = {"one": one.name, "other": other.name, "country": other.country.name}
    cities = {city.pk for city in other.cities.all()}
    for wish in application.wishes.all():
        meant = (
            (wish.kind == WishKind.COUNTRY and wish.country_id == other.country_id)
            or (wish.kind == WishKind.CITY and wish.city_id in cities)
            or (wish.kind == WishKind.ORGANISATION and wish.organisation_id == other.pk)
        )
        if meant and not wish.is_wanted:
            yield _("The application of %(one)s asks not to be paired with %(other)s.") % names
            return
    wanted = [country.name for country in application.partner_countries.all()]
    if wanted and other.country.name not in wanted:
        asked = get_text_list(wanted, _("and"))
        yield _("%(one)s asked for %(asked)s; %(other)s lies in %(country)s.") % {
            **names,
            "asked": asked,
        }
