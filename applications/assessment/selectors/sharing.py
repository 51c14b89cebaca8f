"""What the automatic assignment of a call is made of, and what it comes to."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from accounts.models import User
from applications.assessment.engine.sharing import MOST_KNOWN, Pair, Sharing, Task, share
from applications.assessment.models import AssessmentPlan, Expertise
from applications.assessment.states import ANSWERED
from applications.models import Application, Assignment, Conflict, Declaration
from applications.selectors import all_assessors
from applications.states import ApplicationStatus
from core.kit.fingerprints import fingerprint
from core.kit.text import fold
from programme.calls.models import Call
from programme.organisations.models import Membership

# What a reader's knowledge of an application is worth.
OWN_COUNTRY, THEME, PARTNER = 2, 1, 1
_MOST_THEMES = 2


@dataclass(frozen=True)
class Facts:
    """All that the assignment of a call knows, read once."""

    plan: AssessmentPlan
    applications: dict[int, Application]
    readers: dict[int, User]
    undeclared: list[User]
    known: dict[Pair, int]
    reasons: dict[Pair, list[str]]
    links: dict[Pair, str]
    # Who has written something, was chosen by hand, or has yet to say whom they know.
    fixed: frozenset[Pair]
    assigned: frozenset[Pair]


@dataclass(frozen=True)
class Preview:
    """What would be assigned; nothing is stored. `print` changes with anything it rests on."""

    facts: Facts
    sharing: Sharing
    locked: frozenset[Pair]
    away: frozenset[Pair]

    @cached_property
    def print(self) -> str:
        """Return what tells whether the same preview would be shown again."""
        return fingerprint({"pairs": sorted(self.sharing.pairs), "each": self.facts.plan.pk})

    @property
    def added(self) -> frozenset[Pair]:
        """Return what is not assigned yet."""
        return self.sharing.pairs - self.facts.assigned

    @property
    def removed(self) -> frozenset[Pair]:
        """Return what is assigned and would be taken back."""
        return self.facts.assigned - self.sharing.pairs


def facts_of_call(call: Call, plan: AssessmentPlan, user: User) -> Facts:
    """Return what is known of a call's assignment, as far as the person may see; ten queries."""
    rows = (
        Application.objects.reached_by(user)
        .filter(call=call, status=ApplicationStatus.ELIGIBLE)
        .select_related("organisation__country")
        .prefetch_related("themes", "partner_countries")
        .defer("search_text")
        .order_by("organisation__search_name", "pk")
    )
    applications = {row.pk: row for row in rows}
    declared = set(Declaration.objects.filter(call=call).values_list("assessor", flat=True))
    people = list(all_assessors())
    readers = {one.pk: one for one in people if one.pk in declared}
    experts = {
        row.assessor_id: row
        for row in Expertise.objects.filter(assessor__in=readers).prefetch_related(
            "countries", "themes"
        )
    }
    known, reasons = _knowledge(applications, experts)
    held = Assignment.objects.filter(application__in=applications).values_list(
        "application", "assessor", "is_locked", "assessment", "assessment__status"
    )
    able = {one.pk for one in people}
    fixed, assigned = set(), set()
    for one, reader, is_locked, assessment, status in held:
        if reader not in able and status not in ANSWERED and (is_locked or assessment):
            # Who has left keeps what they began; somebody else reads in their place.
            continue
        assigned.add((one, reader))
        if is_locked or assessment or (reader in able and reader not in declared):
            fixed.add((one, reader))
    links = links_of(applications.values(), experts)
    return Facts(
        plan=plan,
        applications=applications,
        readers=readers,
        undeclared=[one for one in people if one.pk not in declared],
        known=known,
        reasons=reasons,
        links=links,
        fixed=frozenset(pair for pair in fixed if pair not in links),
        assigned=frozenset(assigned),
    )


def _knowledge(
    applications: dict[int, Application], experts: dict[int, Expertise]
) -> tuple[dict[Pair, int], dict[Pair, list[str]]]:
    """Return how much each reader knows of each application, and why."""
    known: dict[Pair, int] = {}
    reasons: dict[Pair, list[str]] = defaultdict(list)
    for reader, expert in experts.items():
        countries = {one.pk for one in expert.countries.all()}
        themes = {one.pk for one in expert.themes.all()}
        for pk, application in applications.items():
            pair, worth = (pk, reader), 0
            if application.organisation.country_id in countries:
                worth += OWN_COUNTRY
                reasons[pair].append(
                    _("knows %(name)s") % {"name": application.organisation.country}
                )
            shared = [one for one in application.themes.all() if one.pk in themes]
            worth += THEME * min(len(shared), _MOST_THEMES)
            reasons[pair] += [str(one) for one in shared]
            wished = [one for one in application.partner_countries.all() if one.pk in countries]
            if wished:
                worth += PARTNER
                reasons[pair].append(_("knows %(name)s") % {"name": wished[0]})
            known[pair] = min(worth, MOST_KNOWN)
    return known, reasons


def links_of(
    applications: Collection[Application], experts: dict[int, Expertise]
) -> dict[Pair, str]:
    """Return who is kept away from which of the applications, and why; two queries."""
    ids = [one.pk for one in applications]
    links = {
        (row.application_id, row.person_id): row.reason
        for row in Conflict.objects.filter(application__in=ids, lifted_at=None)
    }
    organisations = defaultdict(list)
    for one in applications:
        organisations[one.organisation_id].append(one.pk)
    members = Membership.objects.filter(organisation__in=organisations).values_list(
        "organisation", "user"
    )
    for organisation, person in members:
        for pk in organisations[organisation]:
            links.setdefault((pk, person), _("Belongs to the organisation."))
    for person, expert in experts.items():
        for one in applications:
            if expert.employer and fold(expert.employer) == one.organisation.search_name:
                links.setdefault((one.pk, person), _("Works or worked for it."))
    return links


def preview_of(facts: Facts, locked: Collection[Pair] = (), away: Collection[Pair] = ()) -> Preview:
    """Return what would be assigned around what is locked and kept away by hand."""
    kept_away = frozenset(facts.links) | frozenset(away)
    held = frozenset(
        pair
        for pair in (*locked, *facts.fixed)
        if pair[0] in facts.applications
        and pair not in facts.links
        and (pair in facts.fixed or (pair[1] in facts.readers and pair not in kept_away))
    )
    sharing = share(
        Task(
            needed=dict.fromkeys(facts.applications, facts.plan.assessors_each),
            readers=list(facts.readers),
            known=facts.known,
            locked=held,
            kept_away=kept_away,
        )
    )
    return Preview(facts, sharing, held, frozenset(away))
