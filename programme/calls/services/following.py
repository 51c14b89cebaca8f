"""What readers of answers wish and say: to be told of new ones, and whether one helped.

Both are a person's own and say nothing of the programme: they leave no line in the trail.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.kit import days
from core.kit.errors import WrongStateError
from core.kit.writes import lock, require
from programme.calls.models import Call, CallQuestion, Follower, Helped
from programme.calls.states import CallPhase, CallStatus, QuestionStatus


@transaction.atomic
def follow_answers(*, call: Call, follows: bool, by: User) -> bool:
    """Tell the person of new answers about a call from now on, or no more; twice is once.

    Raises WrongStateError for a call of which nothing new comes. Returns whether they are told.
    """
    require(by, "calls.ask_question", otherwise=_("Sign in to be told of new answers."))
    if not follows:
        Follower.objects.filter(call=call, person=by.pk).delete()
        return False
    if call.status != CallStatus.PUBLISHED or call.phase() == CallPhase.CLOSED:
        raise WrongStateError(
            _("The call is closed: no new answers come. All of them stand on this page."),
            code="call_closed",
        )
    # Two clicks at once of one person come one after the other.
    lock(by)
    Follower.objects.get_or_create(call=call, person_id=by.pk, defaults={"since": days.now()})
    return True


@transaction.atomic
def say_helped(*, question: CallQuestion, helped: bool, by: User) -> Helped:
    """Keep whether an answer helped its reader; who says it again has thought better of it."""
    require(by, "calls.ask_question", otherwise=_("Sign in to say whether it helped."))
    lock(by)
    question.refresh_from_db(fields=["status"])
    if question.status != QuestionStatus.PUBLISHED:
        raise WrongStateError(_("This answer is not public any more. Load the page again."))
    said, _made = Helped.objects.update_or_create(
        of=question, person_id=by.pk, defaults={"helped": helped, "said_at": days.now()}
    )
    return said
