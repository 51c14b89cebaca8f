"""The cases of a practice as data, and what an experienced colleague would have done and why."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kit.errors import Words

CENSUS = "Made-up bureau of statistics, census"


@dataclass(frozen=True)
class Member:
    """Another municipality of a group; `letter` is what it has signed, "" for nothing."""

    name: str
    population: int
    letter: str = ""


@dataclass(frozen=True)
class Hint:
    """What an experienced colleague does about something, and why."""

    deed: str
    why: Words


@dataclass(frozen=True)
class Case:
    """One made-up application, with what to see in it.

    `hints` are by what is judged: a criterion, "letter", "check" for the whole, "outcome".
    """

    key: str
    reference: str
    name: str
    level: Words
    population: int | None
    hints: dict[str, Hint]
    source: str = CENSUS
    lead: str = ""
    members: tuple[Member, ...] = ()
    contact: str = "Made-up contact"
    exception: str = ""
    reference_population: int | None = None
    question: str = ""
    answer: str = ""
    # What each of two made-up assessors has given it, on all criteria.
    points: tuple[int, ...] = ()
    is_to_score: bool = False


EASY, MIDDLE, HARD = gettext_lazy("easy"), gettext_lazy("needs a look"), gettext_lazy("hard")
ELIGIBLE, REFUSE, ASK = "eligible", "refuse", "ask"

CASES = (
    Case(
        key="clear_pass",
        reference="PRACTICE-1",
        name="Rivamare",
        level=EASY,
        population=184_200,
        points=(5, 4),
        is_to_score=True,
        hints={
            "check": Hint(
                ELIGIBLE,
                gettext_lazy("Every criterion is met by the rules alone: one key, no words."),
            ),
            "outcome": Hint(
                "accepted",
                gettext_lazy("It leads the ranking, and both assessors agree."),
            ),
        },
    ),
    Case(
        key="clear_fail",
        reference="PRACTICE-2",
        name="Kleinauen",
        level=EASY,
        population=41_300,
        hints={
            "population": Hint(
                "leave",
                gettext_lazy(
                    "The figure is documented and far too small, and no exception is asked for: it "
                    "fails by the rule, nothing has to be ruled."
                ),
            ),
            "check": Hint(
                REFUSE,
                gettext_lazy(
                    "Refuse it with a reason that names the figure and the rule, and read the mail "
                    "before it leaves."
                ),
            ),
        },
    ),
    Case(
        key="missing_letter",
        reference="PRACTICE-3",
        name="Valley of Orla",
        lead="Sankt Orla",
        level=MIDDLE,
        population=71_000,
        members=(
            Member("Orlabach", 38_000, "Mayor: we commit staff and time for the whole period."),
            Member("Ober Orla", 12_500),
        ),
        hints={
            "letter": Hint(
                "pass",
                gettext_lazy(
                    "The mayor may bind the municipality, and the words name staff and time."
                ),
            ),
            "commitments": Hint(
                ASK,
                gettext_lazy(
                    "A letter is missing. Ask for it with a day, instead of refusing at once: the "
                    "city can put it right."
                ),
            ),
            "check": Hint(ASK, gettext_lazy("It waits for the missing letter.")),
        },
    ),
    Case(
        key="figure",
        reference="PRACTICE-4",
        name="Porto Lume",
        level=MIDDLE,
        population=131_000,
        source="",
        reference_population=98_400,
        points=(4, 3),
        hints={
            "population": Hint(
                ASK,
                gettext_lazy(
                    "The figure has neither source nor year, and the register has less. The "
                    "register never decides: ask which source the figure is from."
                ),
            ),
            "check": Hint(ASK, gettext_lazy("It waits for the source of the figure.")),
        },
    ),
    Case(
        key="double",
        reference="PRACTICE-5",
        name="Altenbrueck",
        level=HARD,
        population=112_000,
        points=(3, 3),
        hints={
            "kind": Hint(
                ASK,
                gettext_lazy(
                    "It stands in the group PRACTICE-6 too. Ask both which one counts; never "
                    "choose for them."
                ),
            ),
            "check": Hint(ASK, gettext_lazy("Both have to say which application counts.")),
        },
    ),
    Case(
        key="double_group",
        reference="PRACTICE-6",
        name="Country around Altenbrueck",
        lead="Neubrueck",
        level=HARD,
        population=54_000,
        members=(Member("Altenbrueck", 112_000, "Mayor: we commit staff and time."),),
        hints={
            "letter": Hint(
                "pass",
                gettext_lazy("The letter itself is in order; the double is another criterion."),
            ),
            "kind": Hint(
                ASK,
                gettext_lazy("Altenbrueck applies alone as well. Ask both which one counts."),
            ),
            "check": Hint(ASK, gettext_lazy("Both have to say which application counts.")),
        },
    ),
    Case(
        key="group",
        reference="PRACTICE-7",
        name="Three Valleys",
        lead="Vale Maior",
        level=HARD,
        population=64_000,
        points=(4, 4),
        members=(
            Member("Vale Meão", 31_000, "Mayor: we commit staff and time for the whole period."),
            Member("Vale Pequeno", 22_000, "Trainee: we think this is a good idea."),
        ),
        hints={
            "letter": Hint(
                "read",
                gettext_lazy(
                    "The mayor's letter counts. That of a trainee binds nobody and promises "
                    "nothing: refuse it, and say what to send instead."
                ),
            ),
            "commitments": Hint(
                ASK,
                gettext_lazy("One letter does not count. Ask for another one, with a day."),
            ),
            "check": Hint(ASK, gettext_lazy("It waits for a letter that binds.")),
        },
    ),
    Case(
        key="answered",
        reference="PRACTICE-8",
        name="Nowe Jezioro",
        level=MIDDLE,
        population=102_400,
        source="",
        points=(2, 3),
        is_to_score=True,
        question="Which source and year is the number of inhabitants from?",
        answer="The census of 2024, page 12: 102,400.",
        hints={
            "population": Hint(
                "pass",
                gettext_lazy(
                    "The city has answered: source and year are there, and it is more than the "
                    "minimum. Pass it; the answer stands beside it for good."
                ),
            ),
            "check": Hint(ELIGIBLE, gettext_lazy("With the answer everything is clear.")),
            "outcome": Hint(
                "reserve",
                gettext_lazy("It is the last of the eligible ones; nothing speaks against it."),
            ),
        },
    ),
)
BY_REFERENCE = {case.reference: case for case in CASES}
# What a deed is called in a sentence.
DEEDS = {
    ELIGIBLE: gettext_lazy("find it eligible"),
    REFUSE: gettext_lazy("refuse it as not eligible"),
    ASK: gettext_lazy("ask the city"),
    "leave": gettext_lazy("leave it as it is"),
    "pass": gettext_lazy("pass it"),
    "read": gettext_lazy("read each letter"),
    "accepted": gettext_lazy("accept it"),
    "reserve": gettext_lazy("put it on the reserve list"),
}


@dataclass(frozen=True)
class Done:
    """What was done to a case: on which page, to what, and which verdict."""

    view: str
    reference: str
    item: str = field(default="")


_WHOLE = {"applications:staff_decide_eligibility": "check", "assessment:prepare": "outcome"}
_PARTS = {"applications:staff_judge", "applications:staff_rule", "applications:staff_commitment"}


def hint_after(done: Done) -> str:
    """Return what an experienced colleague would have done there and why; "" for nothing to say."""
    case = BY_REFERENCE.get(done.reference)
    if case is None or done.view not in _PARTS | _WHOLE.keys():
        return ""
    about = _WHOLE.get(done.view) or done.item
    if done.view == "applications:staff_commitment" or about.startswith("commitment-"):
        about = "letter"
    hint = case.hints.get(about) or case.hints["check"]
    values = {"reference": case.reference, "deed": DEEDS[hint.deed], "why": hint.why}
    return _("%(reference)s: an experienced colleague would %(deed)s here. %(why)s") % values
