"""Loading the calls that the programme has closed."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from core.kit.days import BRUSSELS
from programme.calls.models import Call, CallCommitment
from programme.calls.states import CallStatus
from programme.models import Country, Strand
from programme.organisations.models import Organisation
from programme.organisations.states import OrganisationKind
from programme.services import Loaded
from programme.states import Origin

# The partner countries of city-to-city cooperation in the first phase.
FIRST_PHASE = ["AR", "BR", "CA", "CL", "CN", "CO", "IN", "JP", "MX", "PE", "US"]


COMMITMENTS = [
    "Cooperate intensively with the paired city for the duration of the call.",
    "Allocate enough staff, time and money for the actions planned.",
    "Write a Local Action Plan on the agreed priority.",
    "Sign a Partnership Agreement.",
    "Share progress with the other cities of the programme.",
    "Report, after the period, on progress and on concrete actions to come.",
]


@dataclass(frozen=True)
class PastCall:
    """What is on record of a closed call."""

    slug: str
    code: str
    title: str
    summary: str
    description: str
    closed_on: dt.date
    duration_months: int
    partner_countries: list[str]
    named_partners: list[str]


PAST_CALLS = [
    PastCall(
        slug="china-2017",
        code="C2C-2017-CN",
        title="City pairings with China 2017",
        summary="Cities of the European Union worked for 12 months with one of five named "
        "cities in China.",
        description="This call is closed. It closed on 10 April 2017; the hour and the day "
        "it opened are not on record here, so the end of that day is shown. The fourth "
        "partner was announced as Changchun/Jingyue.",
        closed_on=dt.date(2017, 4, 10),
        duration_months=12,
        partner_countries=["CN"],
        named_partners=["Chongqing", "Shantou", "Zhengzhou", "Jingyue", "Longyan"],
    ),
    PastCall(
        slug="city-to-city-2018",
        code="C2C-2018",
        title="City-to-city cooperation 2018",
        summary="Cities of the European Union worked for 18 months with a city of a "
        "partner country.",
        description="This call is closed. It closed on 19 March 2018; the hour and the day "
        "it opened are not on record here, so the end of that day is shown. The partner "
        "countries named are those of the programme's first phase.",
        closed_on=dt.date(2018, 3, 19),
        duration_months=18,
        partner_countries=FIRST_PHASE,
        named_partners=[],
    ),
]


def _make_call(past: PastCall) -> None:
    call = Call.objects.create(
        slug=past.slug,
        code=past.code,
        strand=Strand.objects.get(code="city-to-city"),
        title=past.title,
        summary=past.summary,
        description=past.description,
        status=CallStatus.PUBLISHED,
        origin=Origin.PUBLISHED,
        closes_at=dt.datetime.combine(past.closed_on, dt.time(23, 59, 59), tzinfo=BRUSSELS),
        duration_months=past.duration_months,
        applicant_kinds=[
            OrganisationKind.MUNICIPALITY,
            OrganisationKind.GROUP,
            OrganisationKind.METROPOLITAN,
        ],
    )
    # The countries that were members on that day: today's and the United Kingdom.
    call.eligible_countries.set(Country.objects.filter(world_region="Europe"))
    call.partner_countries.set(Country.objects.filter(code__in=past.partner_countries))
    call.named_partners.set(
        Organisation.objects.filter(name__in=past.named_partners, origin=Origin.PUBLISHED)
    )
    CallCommitment.objects.bulk_create(
        CallCommitment(call=call, text=text, order=order) for order, text in enumerate(COMMITMENTS)
    )


@transaction.atomic
def load_calls() -> list[Loaded]:
    """Load the closed calls of 2017 and 2018 with what is on record of them."""
    present = set(Call.objects.values_list("slug", flat=True))
    fresh = [past for past in PAST_CALLS if past.slug not in present]
    for past in fresh:
        _make_call(past)
    return [Loaded("calls", len(fresh), len(PAST_CALLS) - len(fresh))]
