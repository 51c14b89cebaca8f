"""What the demo cities look for in a partner, and what kind of cities they are."""

from dataclasses import dataclass

from accounts.models import User
from applications.models import Application
from applications.selectors.profile import profile_of
from applications.services import save_profile
from applications.services.profile import NewWish, ProfileData
from applications.states import Direction
from iuc_portal.demo.people import person
from programme.models import City, Language, MainTopic, Tag
from programme.organisations.models import Organisation
from programme.organisations.services import describe_organisation


@dataclass(frozen=True)
class Told:
    """A demo profile: topics with weight and a few words, tags, languages, a city wished for."""

    learn: tuple[tuple[str, int, str], ...]
    share: tuple[tuple[str, int, str], ...]
    tags: tuple[str, ...]
    languages: tuple[str, ...] = ("en",)
    wish: tuple[str, str] = ("", "")
    earlier: tuple[str, str, str] = ("", "", "")


PROFILES = {
    "lead-dubrovnik": Told(
        learn=(
            ("urban-services", 3, "Keeping services and housing for those who stay all year."),
            ("parking-and-traffic", 2, "How a port city got buses out of the old town."),
        ),
        share=(
            ("urban-planning", 3, "Counting visitors at the gates since 2017, as open data."),
            ("culture-and-heritage", 2, "Cooling stone streets without touching the stone."),
        ),
        tags=("port", "tourism", "historic-centre", "world-heritage"),
        languages=("en", "hr", "it"),
        wish=("Panaji", "IN"),
        earlier=("Kamakura (demo)", "2017–2019", "Two visits, one on visitors by day."),
    ),
    "lead-almada": Told(
        learn=(("public-transport", 3, "A bus network that meets the ferry."),),
        share=(("sustainable-mobility", 2, "A mobility plan that three neighbours signed."),),
        tags=("port", "suburban", "river"),
        languages=("en", "pt"),
    ),
    "lead-parma": Told(
        learn=(("waste-management", 3, "Food waste between market and plate."),),
        share=(("water-management", 2, "Reusing the water of food factories."),),
        tags=("agri-food", "university"),
        languages=("en", "it"),
    ),
    "lead-malmo": Told(
        learn=(("nature-based-solutions", 3, "Parks that hold a cloudburst."),),
        share=(("climate-adaptation", 3, "A quarter that drains itself."),),
        tags=("port", "post-industrial"),
        languages=("en", "sv"),
    ),
    "lead-galati": Told(
        learn=(("education-and-skills", 3, "Reasons for young people to stay."),),
        share=(("local-economy", 1, "A centre for founders in a shipyard."),),
        tags=("river", "industrial", "shrinking"),
        languages=("en", "ro"),
    ),
    "lead-rijeka": Told(
        learn=(("urban-regeneration", 3, "New uses for a port quarter that stay open to all."),),
        share=(("culture-and-heritage", 2, "What remains of a year as capital of culture."),),
        tags=("port", "post-industrial"),
        languages=("en", "hr", "it"),
    ),
    "lead-zadar": Told(
        learn=(("water-management", 3, "Saving water where wells run dry in August."),),
        share=(("flood-management", 1, "One water works for two municipalities."),),
        tags=("coastal", "tourism"),
        languages=("en", "hr"),
    ),
    "lead-kochi": Told(
        learn=(("public-transport", 3, "One ticket and one timetable for ferry and bus."),),
        share=(("sustainable-mobility", 2, "Electric ferries between ten islands."),),
        tags=("port", "coastal", "tourism"),
        languages=("en", "ml"),
    ),
    "lead-liguria": Told(
        learn=(("urban-innovation", 2, "How small firms test together what none can pay alone."),),
        share=(("local-economy", 2, "A cluster of yards, a university and a port authority."),),
        tags=("coastal", "industrial"),
        languages=("en", "it"),
    ),
}


# Partner cities. Those that apply say it with their profile.
PARTNERS = {
    "lead-panaji": (("coastal", "river", "tourism", "historic-centre"), ("en", "hi")),
}


def describe_partners() -> None:
    """Let the demo partner cities say what kind of cities they are, once."""
    for login, (tags, languages) in PARTNERS.items():
        lead = person(login)
        organisation = Organisation.objects.of(lead).get()
        if organisation.description_version == 1:
            _describe(organisation, tags, languages, lead)


def fill_in_profile(application: Application, login: str, lead: User) -> None:
    """Write the profile of a demo city, as its lead would."""
    told = PROFILES[login]
    save_profile(
        application=application,
        data=ProfileData(
            population_from=50_000,
            new_topics=(*_topics(Direction.LEARN, told), *_topics(Direction.SHARE, told)),
            new_wish=_wish(*told.wish),
            new_cooperation=_earlier(*told.earlier),
        ),
        read_version=1,
        by=lead,
    )
    application = Application.objects.get(pk=application.pk)
    said = {
        (direction, slug): {"weight": weight, "words": words}
        for direction in Direction
        for slug, weight, words in getattr(told, direction.value)
    }
    save_profile(
        application=application,
        data=ProfileData(
            population_from=50_000,
            challenges={
                row.pk: said[Direction(row.direction), row.topic.slug]
                for row in application.challenges.select_related("topic")
            },
        ),
        read_version=profile_of(application).version,
        by=lead,
    )
    _describe(application.organisation, told.tags, told.languages, lead)


def _describe(
    organisation: Organisation, tags: tuple[str, ...], languages: tuple[str, ...], lead: User
) -> None:
    describe_organisation(
        organisation=organisation,
        tags=Tag.objects.filter(slug__in=tags),
        languages=Language.objects.filter(pk__in=languages),
        read_version=organisation.description_version,
        by=lead,
    )


def _topics(direction: Direction, told: Told) -> list[tuple[Direction, MainTopic]]:
    rows = getattr(told, direction.value)
    return [(direction, MainTopic.objects.get(slug=slug)) for slug, _weight, _words in rows]


def _wish(name: str, country: str) -> NewWish | None:
    city = City.objects.filter(name=name, country=country).first()
    return (
        NewWish(city, is_wanted=True, reason="A small capital with many guests.") if city else None
    )


def _earlier(partner: str, years: str, words: str) -> dict[str, object] | None:
    return {"partner": partner, "years": years, "words": words} if partner else None
