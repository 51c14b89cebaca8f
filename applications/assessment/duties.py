"""What is owed to an assessment: interests, scores by their day, a free place offered on."""

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.states import StaffRole
from applications.assessment.models import Asked, FreePlace
from applications.assessment.models.assessing import has_declared
from applications.assessment.selectors.places import next_of, reserve_list
from applications.assessment.selectors.readings import IS_OPEN
from applications.assessment.states import ANSWERED
from applications.models import Assignment, Conflict, Declaration
from core.duties.catalogue import OVERDUE, Ask, Duty, Search, Words, duty, key_of
from core.kit.days import end_of
from core.kit.rows import NOTHING
from programme.calls.duties import UNIT, of_unit
from programme.calls.models import Call


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


@duty("place_free", label=gettext_lazy("Place that came free"), days=(7, OVERDUE), watched=True)
def places(ask: Ask) -> Search[FreePlace]:
    """Each place that an accepted city gave up and nobody of the reserve list is prepared for.

    Neither who left it nor who is next stands in its words: a coordinator may have a link with
    them. The rank says who it is to who may open the list.
    """
    ask, is_asked = of_unit(ask, "assessment.prepare_outcomes")
    rows = FreePlace.objects.select_related("application__call").with_state()
    if ask.reader is not None:
        rows = rows.visible_to(ask.reader)
    is_free = Q(closed_at=None, is_filled=False, is_in_hand=False)
    return ask.search(
        rows.order_by("fill_by", "pk"),
        _place_due,
        is_open=is_free if is_asked else NOTHING,
        is_done=~is_free if is_asked else NOTHING,
        owner={},
        about={"freeplace": "pk", "application": "application", "call": "application__call"},
        due="fill_by",
    )


def _place_due(place: FreePlace) -> Duty:
    call = place.application.call
    return Duty(
        kind="place_free",
        about=key_of(place),
        owner=UNIT,
        due=place.fill_by,
        done=not place.is_free,
        page=reverse("assessment:reserve", args=[call.slug]),
        say=lambda: Words(
            title=_("A place is free"),
            context=call.title,
            # The mail says the rank; here many may stand below each other.
            text=_("The reserve list says who is next."),
            state=_("Free"),
            tone="warning",
        ),
        facts=lambda: {"call": call, "next_words": next_words(call)},
    )


def next_words(call: Call) -> str:
    """Say who is next on the reserve list, by rank: names are for who may read them."""
    following = next_of(reserve_list(call))
    if not following:
        return _("Nobody waits on the reserve list.")
    if following[0].rank is None:
        return _("The reserve list names who is next.")
    if len(following) > 1:
        return _("Next on the reserve list: %(number)d equals at rank %(rank)d; you choose.") % {
            "number": len(following),
            "rank": following[0].rank,
        }
    return _("Next on the reserve list: rank %(rank)d.") % {"rank": following[0].rank}
