"""What of applications has a new name of their applicant, and what keeps the old one."""

import datetime as dt

from django.db.models import QuerySet
from django.utils.translation import ngettext

from accounts.models import User
from applications.models import Application, Decision, Submission
from applications.services.searching import find_anew
from programme.organisations.models import Organisation


def _known(organisation: Organisation, by: User) -> "QuerySet[Application]":
    """Return what the person may count: nothing that they have declared a link with."""
    return Application.objects.filter(organisation=organisation).without_links_of(by)


def _applications(organisation: Organisation, _day: dt.date, by: User) -> tuple[str, int]:
    number = _known(organisation, by).filter(revises=None).count()
    return ngettext("application in the lists", "applications in the lists", number), number


def _submissions(organisation: Organisation, _day: dt.date, by: User) -> tuple[str, int]:
    number = Submission.objects.filter(application__in=_known(organisation, by)).count()
    return (
        ngettext("application as it was sent", "applications as they were sent", number),
        number,
    )


def _decisions(organisation: Organisation, _day: dt.date, by: User) -> tuple[str, int]:
    number = Decision.objects.filter(application__in=_known(organisation, by)).count()
    return ngettext("decision with its letter", "decisions with their letters", number), number


FOLLOW = (find_anew,)
CARRIES = (_applications,)
KEEPS = (_submissions, _decisions)
