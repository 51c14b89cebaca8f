"""What the unit owes to those who ask: answers to questions, decisions on more time."""

from dataclasses import replace

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.duties.catalogue import OVERDUE, Ask, Duty, Search, Words, duty, key_of
from core.kit.rows import NOTHING
from programme.calls.models import CallQuestion, ExtensionRequest
from programme.calls.states import ExtensionStatus, QuestionStatus

# The coordinators together: nobody of them by name.
UNIT = "unit:coordinators"


def of_unit(ask: Ask, permission: str) -> tuple[Ask, bool]:
    """Return the ask without its owners, and whether it is about what the unit owes at all."""
    is_ours = ask.owners is None or UNIT in ask.owners
    may_see = ask.reader is None or bool(ask.reader.has_perm(permission))
    return replace(ask, owners=None), is_ours and may_see


@duty("call_question", label=gettext_lazy("Question about a call"), days=(OVERDUE,))
def questions(ask: Ask) -> Search[CallQuestion]:
    """Each question about a call that waits for an answer."""
    ask, is_asked = of_unit(ask, "calls.answer_questions")
    waits = Q(status=QuestionStatus.WAITING)
    return ask.search(
        CallQuestion.objects.select_related("call").order_by("answer_by", "pk"),
        _answer_due,
        is_open=waits if is_asked else NOTHING,
        is_done=~waits if is_asked else NOTHING,
        owner={},
        about={"callquestion": "pk", "call": "call"},
        due="answer_by",
    )


@duty("extension_asked", label=gettext_lazy("More time asked for"), days=(3, 1))
def extensions(ask: Ask) -> Search[ExtensionRequest]:
    """Each wish of a city for more time that nobody has decided."""
    ask, is_asked = of_unit(ask, "calls.decide_closings")
    waits = Q(status=ExtensionStatus.ASKED)
    return ask.search(
        ExtensionRequest.objects.select_related("call", "organisation").order_by("decide_by", "pk"),
        _decision_due,
        is_open=waits if is_asked else NOTHING,
        is_done=~waits if is_asked else NOTHING,
        owner={},
        about={"extensionrequest": "pk", "call": "call", "organisation": "organisation"},
        due="decide_by",
    )


def _answer_due(question: CallQuestion) -> Duty:
    return Duty(
        kind="call_question",
        about=key_of(question),
        owner=UNIT,
        due=question.answer_by,
        done=question.status != QuestionStatus.WAITING,
        page=reverse("calls:staff_question", args=[question.pk]),
        say=lambda: Words(
            title=_("Answer a question"),
            context=question.call.title,
            text=question.asked,
            state=_("Asked"),
            tone="warning",
        ),
        facts=lambda: {"question": question, "call": question.call},
    )


def _decision_due(wish: ExtensionRequest) -> Duty:
    return Duty(
        kind="extension_asked",
        about=key_of(wish),
        owner=UNIT,
        due=wish.decide_by,
        done=wish.status != ExtensionStatus.ASKED,
        page=reverse("calls:staff_extension", args=[wish.pk]),
        say=lambda: Words(
            title=_("Decide on more time for %(city)s") % {"city": wish.organisation.name},
            context=wish.call.title,
            text=wish.why,
            state=_("Asked"),
            tone="warning",
        ),
        facts=lambda: {"wish": wish, "call": wish.call, "city": wish.organisation.name},
    )
