"""What an assessor owes: their interests and their scores for a call, each by its day."""

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.states import StaffRole
from applications.assessment.models import Asked
from applications.assessment.models.assessing import has_declared
from applications.assessment.selectors.readings import IS_OPEN
from applications.assessment.states import ANSWERED
from applications.models import Assignment, Conflict, Declaration
from core.duties.catalogue import OVERDUE, Ask, Duty, Search, Words, duty, key_of
from core.kit.days import end_of


@duty("interests", label=gettext_lazy("Interests to declare"), days=(7, 3, 1, OVERDUE))
def interests(ask: Ask) -> Search[Asked]:
    """That an assessor says of a call's applicants whom they know, before anything is theirs."""
    rows = Asked.objects.filter(
        assessor__is_active=True, assessor__staff_role=StaffRole.ASSESSOR, plan__closed_at=None
    )
    if ask.reader is not None:
        rows = rows.filter(assessor=ask.reader)
    declared = Q(has_declared())
    return ask.search(
        rows.select_related("plan__call").order_by("plan__declare_by", "pk"),
        _interests_due,
        is_open=~declared & Q(plan__declare_by__isnull=False),
        is_done=declared,
        owner={"person": "assessor"},
        about={"asked": "pk", "call": "plan__call"},
        due="plan__declare_by",
        whole_day=True,
    )


def _interests_due(row: Asked) -> Duty:
    call, day = row.plan.call, row.plan.declare_by
    return Duty(
        kind="interests",
        about=key_of(row),
        owner=f"person:{row.assessor_id}",
        due=end_of(day) if day else None,
        whole_day=True,
        page=reverse("assessment:interests", args=[call.slug]),
        say=lambda: Words(
            title=_("Declare your interests"),
            context=call.title,
            text=_("Applications are given to you once you have said whom you know."),
            state=_("To declare"),
        ),
        facts=lambda: {"call": call},
    )


@duty("scores", label=gettext_lazy("Scores to hand in"), days=(7, 3, 1, OVERDUE))
def scores(ask: Ask) -> Search[Declaration]:
    """The scores of each assessor for a call with a day for them: one duty, however many."""
    link = Conflict.objects.filter(
        application=OuterRef("application"), person=OuterRef("assessor"), lifted_at=None
    )
    own = Assignment.objects.filter(
        ~Exists(link), assessor=OuterRef("assessor"), application__call=OuterRef("call")
    )
    # The first declaration stands for the assessor and the call: there is one of each.
    rows = Declaration.objects.filter(number=1, call__assessment_plan__scores_by__isnull=False)
    if ask.reader is not None:
        rows = rows.filter(assessor=ask.reader)
    goes_on = Q(call__assessment_plan__closed_at=None)
    is_open = Q(Exists(own.filter(IS_OPEN)))
    has_answered = Q(Exists(own.filter(assessment__status__in=ANSWERED)))
    return ask.search(
        rows.select_related("call__assessment_plan").order_by(
            "call__assessment_plan__scores_by", "pk"
        ),
        _due,
        is_open=goes_on & is_open,
        is_done=goes_on & ~is_open & has_answered,
        owner={"person": "assessor"},
        about={"declaration": "pk", "call": "call"},
        due="call__assessment_plan__scores_by",
        whole_day=True,
    )


def _due(row: Declaration) -> Duty:
    day = row.call.assessment_plan.scores_by
    return Duty(
        kind="scores",
        about=key_of(row),
        owner=f"person:{row.assessor_id}",
        due=end_of(day) if day else None,
        whole_day=True,
        page=reverse("assessment:mine"),
        say=lambda: Words(
            title=_("Hand in your scores"),
            context=row.call.title,
            text=_(
                "Each criterion needs points and a sentence. What you cannot judge, abstain from."
            ),
            state=_("To read"),
        ),
        facts=lambda: {"call": row.call},
    )
