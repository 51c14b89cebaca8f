"""Who may apply: pure rules, from facts to results in words.

Nothing here reads the database: callers hand in `CallRules` and `ApplicantFacts`. Each
criterion gives pass, fail or needs-a-human, a sentence in the reader's language and the
facts it used (as JSON). The declared population decides; a reference figure never does.
"""

from applications.eligibility.criteria import evaluate
from applications.eligibility.facts import (
    ApplicantFacts,
    CallRules,
    CriterionResult,
    JudgedCriterion,
    MemberFacts,
    RulingFacts,
    judge,
    newest_standing,
    verdict,
)
from applications.eligibility.population import asks_for, exceeds, shortfall
from applications.eligibility.words import (
    instant_words,
    names_words,
    once_words,
    refusal_words,
    side_words,
)

__all__ = [
    "ApplicantFacts",
    "CallRules",
    "CriterionResult",
    "JudgedCriterion",
    "MemberFacts",
    "RulingFacts",
    "asks_for",
    "evaluate",
    "exceeds",
    "instant_words",
    "judge",
    "names_words",
    "newest_standing",
    "once_words",
    "refusal_words",
    "shortfall",
    "side_words",
    "verdict",
]
