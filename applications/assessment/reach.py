"""What the assessment adds to the reach of assessors."""

from collections.abc import Collection

from django.db.models import Q
from django.utils.translation import gettext as _

from applications.assessment.models import AssessmentPlan


def kept_from_assessors() -> Q:
    """Return the condition on applications that are read blind.

    They stand on the page of scores alone, without names: no list, search, file or export of an
    assessor comes to them.
    """
    return Q(call__assessment_plan__is_blind=True)


def why_nobody_is_named(calls: Collection[int]) -> dict[int, str]:
    """Return, for those of the calls whose assessment is closed, that no assessor is named."""
    closed = AssessmentPlan.objects.filter(call__in=calls, closed_at__isnull=False)
    words = _("The assessment of this call is closed. Reopen it before you name an assessor.")
    return dict.fromkeys(closed.values_list("call", flat=True), words)
