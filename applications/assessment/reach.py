"""What the assessment adds to the reach of assessors."""

from django.db.models import Q


def kept_from_assessors() -> Q:
    """Return the condition on applications that are read blind.

    They stand on the page of scores alone, without names: no list, search, file or export of an
    assessor comes to them.
    """
    return Q(call__assessment_plan__is_blind=True)
