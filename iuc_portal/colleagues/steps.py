"""The checklist of a new colleague: what belongs to it, and what of it is done."""

from collections.abc import Callable
from dataclasses import dataclass

from allauth.mfa.utils import is_mfa_enabled
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from applications.assessment.models import Expertise
from core.kit.errors import Words
from iuc_portal.colleagues.models import FirstSteps


@dataclass(frozen=True)
class Step:
    """One line: `page` is where it is done, `permission` who has it, "" for all of staff.

    `is_done` finds out; without it the person says so themselves.
    """

    key: str
    label: Words
    text: Words
    page: str
    permission: str = ""
    is_done: Callable[[User], bool] | None = None


@dataclass(frozen=True)
class Shown:
    """A step with whether it is done, and where."""

    step: Step
    is_done: bool
    url: str

    @property
    def is_ticked_by_hand(self) -> bool:
        """Whether the portal cannot find it out: the person says so."""
        return self.step.is_done is None


def _has_details(person: User) -> bool:
    return bool(person.job_title and person.phone)


def _has_expertise(person: User) -> bool:
    return Expertise.objects.filter(assessor=person).exists()


STEPS = (
    Step(
        "second_factor",
        _("Set your second factor"),
        _("An app on your telephone, or a passkey. Keep the recovery codes."),
        "mfa_index",
        is_done=is_mfa_enabled,
    ),
    Step(
        "details",
        _("Say who you are"),
        _("Your position and telephone, so that colleagues reach you."),
        "accounts:account",
        is_done=_has_details,
    ),
    Step(
        "guide",
        _("Read how the console works"),
        _("One page on what you see and do."),
        "colleagues:guide",
    ),
    Step(
        "expertise",
        _("Say what you know"),
        _("Countries and themes: by them you are given what to read."),
        "assessment:expertise",
        permission="assessment.assess",
        is_done=_has_expertise,
    ),
    Step(
        "try_call",
        _("Try a call as an applicant"),
        _("Fill it in as a city does, from the page of the call: nothing is kept or sent."),
        "calls:staff_calls",
        permission="calls.view_calls",
    ),
    Step(
        "practise",
        _("Practise on made-up cases"),
        _("Check, note, assess, decide and release: nobody gets a mail, nothing counts."),
        "colleagues:practice",
        permission="colleagues.practise",
    ),
)


def steps_of(person: User, row: FirstSteps | None) -> list[Shown]:
    """Return the steps of the person's role, in order."""
    ticked = row.ticked if row else []
    return [
        Shown(
            step,
            step.is_done(person) if step.is_done else step.key in ticked,
            reverse(step.page),
        )
        for step in STEPS
        if not step.permission or person.has_perm(step.permission)
    ]
