"""The pairing recommender: which cities should work together, with a proof.

Plain Python and NumPy; nothing of Django. `read_instance` checks the input, `Session` solves
it, answers what a choice would cost, and solves again after a change. The mathematics
stand in docs/matching.md.
"""

from pairings.matching.engine.instance import Instance, MatchingInputError
from pairings.matching.engine.reading import read_instance
from pairings.matching.engine.session import Session

__all__ = ["Instance", "MatchingInputError", "Session", "read_instance"]
