"""What somebody should know and have at hand before an application is started."""

from dataclasses import dataclass

from applications.eligibility import asks_for
from applications.selectors.facts import minimum_of, municipal_rules
from programme.calls.models import Call
from programme.organisations.states import OrganisationKind
from programme.states import Side
from questionnaires.models import Question
from questionnaires.selectors import asked_of
from questionnaires.states import QuestionKind

# Minutes for the pages that every application has, for a text, and for any other question.
PAGES, TEXT, OTHER = 30, 10, 2
# What is told is rounded up to so many minutes.
STEP = 15


@dataclass(frozen=True)
class Ready:
    """Who can apply, on which subjects questions are asked, and how long it takes, in minutes."""

    asks_for: str
    takes_europe: bool
    # Countries of the partner side that may apply; none where it does not.
    partners: tuple[str, ...]
    has_minimum: bool
    may_single: bool
    may_group: bool
    may_metropolitan: bool
    may_region: bool
    subjects: tuple[str, ...]
    documents: tuple[str, ...]
    minutes: int


def ready_for(call: Call, side: str = "") -> Ready:
    """Return what to know before an application to a call from a side, if it is known which.

    Two queries, and another for the countries of a partner side that applies.
    """
    side = side or (Side.EU if call.takes(Side.EU) else Side.PARTNER)
    versions = asked_of(call, side).values("version")[:1]
    questions = Question.objects.filter(section__version__in=versions)
    asked = questions.order_by("section__order", "section__pk").values_list(
        "section__title", "kind"
    )
    rows = list(asked)
    texts = sum(kind == QuestionKind.LONG_TEXT for _title, kind in rows)
    minutes = PAGES + TEXT * texts + OTHER * (len(rows) - texts)
    kinds = set(call.applicant_kinds)
    return Ready(
        asks_for=asks_for(municipal_rules(call)),
        takes_europe=call.takes(Side.EU),
        partners=(
            tuple(str(country) for country in call.partner_countries.all())
            if call.takes(Side.PARTNER)
            else ()
        ),
        has_minimum=minimum_of(call, side) is not None,
        may_single=OrganisationKind.MUNICIPALITY in kinds,
        may_group=OrganisationKind.GROUP in kinds,
        may_metropolitan=OrganisationKind.METROPOLITAN in kinds,
        may_region=OrganisationKind.REGION in kinds,
        documents=tuple(call.documents.asked().values_list("title", flat=True)),
        subjects=tuple(dict.fromkeys(title for title, _kind in rows)),
        minutes=-(-minutes // STEP) * STEP,
    )
