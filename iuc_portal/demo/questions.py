"""Demo questions about the open calls with their answers, and a city that got more time."""

import datetime as dt

from django.db import transaction

from applications.models import Application
from iuc_portal.demo.calls import ASIA
from iuc_portal.demo.people import person
from programme.calls.models import Call, ExtensionRequest
from programme.calls.services import (
    answer_question,
    ask_extension,
    ask_question,
    close_question,
    grant_extension,
)
from programme.calls.states import QuestionTopic

T = QuestionTopic
# Who asks; the question as everybody reads it; its answer; what it is about.
ANSWERED = [
    (
        "lead-malmo",
        "May a metropolitan area apply when one of its municipalities applies too?",
        "Yes, if both are about different challenges and different people do the work.",
        T.WHO,
    ),
    (
        "lead-galati",
        "Does the programme pay our staff?",
        "No. It pays travel, experts and events. The time of your own staff is your contribution.",
        T.MONEY,
    ),
    (
        "lead-parma",
        "Who must sign the commitment letter of a second municipality?",
        "Its mayor, or a deputy mayor with a power of attorney that you upload with the letter.",
        T.DOCUMENTS,
    ),
    (
        "lead-almada",
        "May we name the partner city we want?",
        "You may name countries, and cities you wish for. The unit proposes; both cities decide.",
        T.PARTNER,
    ),
]
CHANGED = (
    "No. It pays travel, experts and events. The time of your own staff is your contribution, "
    "and the application says how much of it you plan."
)
WAITING = ("lead-zadar", "Can two universities be partners of one application?")
SAME = ("lead-zadar", "Can the deputy mayor sign the letter of the other municipality?")


def make_questions() -> int:
    """Ask and answer what is missing; return how many questions were made."""
    call = Call.objects.get(code=ASIA)
    if call.questions.exists():
        return 0
    _ask_and_answer(call)
    return call.questions.count()


@transaction.atomic
def _ask_and_answer(call: Call) -> None:
    staff = person("coordinator")
    made = []
    for login, words, answer, topic in ANSWERED:
        asked = ask_question(call=call, text=words, by=person(login))
        made.append(
            answer_question(
                question=asked,
                wording=words,
                answer=answer,
                topic=topic,
                by=staff,
                read_version=asked.version,
                names_confirmed=True,
            )
        )
    staff_costs, letter = made[1], made[2]
    answer_question(
        question=staff_costs,
        wording=staff_costs.question,
        answer=CHANGED,
        topic=staff_costs.topic,
        by=staff,
        read_version=staff_costs.version,
    )
    same = ask_question(call=call, text=SAME[1], by=person(SAME[0]))
    close_question(question=same, same_as=letter, by=staff)
    ask_question(call=call, text=WAITING[1], by=person(WAITING[0]))


@transaction.atomic
def make_extension() -> int:
    """Give the city whose draft is open a week more; return how many such cities there are new."""
    draft = Application.objects.filter(
        call__code=ASIA, organisation__memberships__user=person("lead-rijeka")
    ).first()
    if draft is None or ExtensionRequest.objects.filter(call=draft.call).exists():
        return 0
    closes_at = draft.call.closes_at
    if not draft.is_draft or closes_at is None:
        return 0
    wish = ask_extension(
        call=draft.call,
        organisation=draft.organisation,
        wished_until=closes_at + dt.timedelta(days=7),
        why="The council of the city meets two days after the call closes.",
        by=person("lead-rijeka"),
    )
    grant_extension(
        wish=wish,
        closes_at=closes_at + dt.timedelta(days=4),
        reason="Two days after your council; later would hold up the check of all others.",
        by=person("coordinator"),
    )
    return 1
