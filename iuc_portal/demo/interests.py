"""Demo expressions of interest in the call in two stages: one in each state."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from applications.models import Interest
from applications.services import (
    decide_interests,
    save_interest_section,
    send_interest,
    start_application,
    start_interest,
    withdraw_interest,
)
from applications.states import InterestOutcome
from iuc_portal.demo.calls import TWO_STAGES
from iuc_portal.demo.people import person
from programme.calls.models import Call
from programme.calls.services import move_deadline
from programme.calls.states import Closing
from programme.organisations.models import Organisation


@dataclass(frozen=True)
class Case:
    """One expression of interest: whose, on what, and how far it goes."""

    login: str
    topic: str
    challenge: str
    offer: str
    # draft, sent, invited, declined, withdrawn; begun: invited, and writing.
    goes_to: str = "sent"


CASES = [
    Case(
        "lead-almada",
        "Buses and ferries on one timetable.",
        "The last bus leaves before the last ferry arrives, so people drive to the quay.",
        "One ticket for ferry, tram and hired bicycle, in use for two years.",
        goes_to="begun",
    ),
    Case(
        "lead-parma",
        "Food that is left over in the evening.",
        "Markets, schools and shops throw away what others could cook the next day.",
        "An app by which forty shops give food to six kitchens.",
        goes_to="invited",
    ),
    Case(
        "lead-malmo",
        "Streets that take up heavy rain.",
        "Cellars in the old quarters were flooded three times in ten years.",
        "Open ditches and green roofs in one quarter, measured since the first flood.",
    ),
    Case(
        "lead-galati",
        "Work that keeps young people in the city.",
        "Every second graduate leaves within a year.",
        "A shared workshop in a former shipyard hall.",
    ),
    Case(
        "lead-zadar",
        "Wells that run dry in August.",
        "Visitors triple the use of water when there is least of it.",
        "A tariff by season, in its first year.",
        goes_to="declined",
    ),
    Case(
        "lead-dubrovnik",
        "Cruise ships and a single road.",
        "All buses arrive within the same two hours.",
        "Counting at the gates of the Old City.",
        goes_to="withdrawn",
    ),
    Case(
        "lead-rijeka",
        "A port quarter between two uses.",
        "Halls stand empty beside streets that are full.",
        "",
        goes_to="draft",
    ),
]


def make_interests() -> int:
    """Make the expressions of interest that are missing; return how many.

    Once there are some, the first stage is moved by two days: those who write are told.
    """
    made = sum(map(_make, CASES))
    call = Call.objects.get(code=TWO_STAGES)
    if call.interest_closes_at is not None and call.interest_moved_at is None:
        move_deadline(
            call=call,
            closes_at=call.interest_closes_at + dt.timedelta(days=2),
            reason="A public holiday in Brazil.",
            by=person("coordinator"),
            read_version=call.version,
            closing=Closing.FIRST_STAGE,
        )
    return made


@transaction.atomic
def _make(case: Case) -> bool:
    lead = person(case.login)
    organisation = Organisation.objects.of(lead).get()
    call = Call.objects.get(code=TWO_STAGES)
    if Interest.objects.filter(call=call, organisation=organisation).exists():
        return False
    interest = start_interest(call=call, organisation=organisation, by=lead)
    answers = {
        "interest-topic": case.topic,
        "interest-challenge": case.challenge,
        "interest-offer": case.offer,
        "interest-form": ["pairing"],
    }
    if case.goes_to != "draft":
        answers |= {
            "readiness-backing": "management",
            "readiness-start": "half-year",
            "readiness-days": "12",
            "readiness-abroad": "no",
        }
    typed = [(key, value, 0) for key, value in answers.items() if value]
    save_interest_section(interest=interest, answers=typed, by=lead)
    if case.goes_to == "draft":
        return True
    interest = send_interest(interest=interest, by=lead)
    if case.goes_to == "withdrawn":
        withdraw_interest(interest=interest, by=lead, reason="We apply to another call first.")
    elif case.goes_to == "declined":
        _decide(interest, InterestOutcome.DECLINE, "Two other cities came with the same topic.")
    elif case.goes_to != "sent":
        _decide(interest, InterestOutcome.INVITE, "A clear problem, and something to show.")
    if case.goes_to == "begun":
        start_application(call=call, organisation=organisation, by=lead)
    return True


def _decide(interest: Interest, outcome: InterestOutcome, reason: str) -> None:
    decide_interests(interests=[interest], outcome=outcome, reason=reason, by=person("coordinator"))
