"""What somebody should know and have at hand before an application is started."""

from dataclasses import dataclass

from applications.eligibility import asks_for
from applications.selectors.facts import municipal_rules
from programme.calls.models import Call
from programme.organisations.states import OrganisationKind
from questionnaires.models import CallQuestionnaire, Question
from questionnaires.states import Purpose, QuestionKind

# Minutes for the pages that every application has, for a text, and for any other question.
PAGES, TEXT, OTHER = 30, 10, 2
# What is told is rounded up to so many minutes.
STEP = 15


@dataclass(frozen=True)
class Ready:
    """Who can apply, on which subjects questions are asked, and how long it takes, in minutes."""

    asks_for: str
    has_minimum: bool
    may_single: bool
    may_group: bool
    may_metropolitan: bool
    may_region: bool
    subjects: tuple[str, ...]
    minutes: int


def ready_for(call: Call) -> Ready:
    """Return what to know before an application to a call; one query."""
    versions = CallQuestionnaire.objects.filter(call=call, purpose=Purpose.APPLICATION)
    questions = Question.objects.filter(section__version__in=versions.values("version"))
    asked = questions.order_by("section__order", "section__pk").values_list(
        "section__title", "kind"
    )
    rows = list(asked)
    texts = sum(kind == QuestionKind.LONG_TEXT for _title, kind in rows)
    minutes = PAGES + TEXT * texts + OTHER * (len(rows) - texts)
    kinds = set(call.applicant_kinds)
    return Ready(
        asks_for=asks_for(municipal_rules(call)),
        has_minimum=call.min_population is not None,
        may_single=OrganisationKind.MUNICIPALITY in kinds,
        may_group=OrganisationKind.GROUP in kinds,
        may_metropolitan=OrganisationKind.METROPOLITAN in kinds,
        may_region=OrganisationKind.REGION in kinds,
        subjects=tuple(dict.fromkeys(title for title, _kind in rows)),
        minutes=-(-minutes // STEP) * STEP,
    )
