"""Telling those who write drafts, and who follow a call, of new answers, once a day at most."""

import datetime as dt

from django.db import transaction
from django.urls import reverse

from accounts.models import User
from core.duties.catalogue import key_of
from core.kit import days
from core.post.mail import send_mail
from programme.calls.models import AnswerDigest, Call, CallQuestion
from programme.calls.selectors import by_call, followers_of, untold_answers, writers_of

MAIL = "new_answers"
# From this hour on, Brussels time, the answers of the day go out.
HOUR = 16


@transaction.atomic
def tell_answers(*, now: dt.datetime) -> int:
    """Mail what was answered or changed since the last mail to who has a draft or follows it.

    A draft of an application, or of an expression of interest while the first stage takes it.

    Returns how many people are told.

    One mail a person and day, whatever the number of calls, drafts and answers, and however
    often or by how many workers it is asked for: the row of the day is written once.
    """
    local = now.astimezone(days.BRUSSELS)
    if local.hour < HOUR or not untold_answers(now).exists():
        return 0
    digest, is_new = AnswerDigest.objects.get_or_create(day=local.date(), defaults={"at": now})
    if not is_new:
        return 0
    news = by_call(untold_answers(now).select_for_update(of=("self",)))
    readers: dict[User, list[tuple[Call, list[CallQuestion]]]] = {}
    for call, questions in news.items():
        for person in dict.fromkeys([*writers_of(call, now), *followers_of(call)]):
            readers.setdefault(person, []).append((call, questions))
    for reader, calls in readers.items():
        _tell(reader, calls, digest)
    told = [question.pk for questions in news.values() for question in questions]
    CallQuestion.objects.filter(pk__in=told).update(told_in=digest)
    return len(readers)


def _tell(reader: User, calls: list[tuple[Call, list[CallQuestion]]], digest: AnswerDigest) -> None:
    send_mail(
        template=MAIL,
        to=reader.email,
        language=reader.language,
        context={
            "reader": reader,
            "calls": [
                (call, reverse("calls:questions", args=[call.slug]), questions)
                for call, questions in calls
            ],
            "count": sum(len(questions) for _call, questions in calls),
        },
        about=key_of(digest),
        owner=key_of(reader),
    )
