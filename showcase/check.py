"""The answer to "Can my city apply?": the call's rules, asked of what a visitor typed.

The rules are those of applications.eligibility; here they get the words of a guide.
Nothing is stored.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.eligibility import (
    ApplicantFacts,
    CallRules,
    CriterionResult,
    MemberFacts,
    evaluate,
    verdict,
)
from applications.states import ApplicantKind, Criterion, Outcome
from programme.calls.models import Call
from programme.calls.states import CallPhase
from programme.organisations.states import OrganisationKind

State = Literal["yes", "no", "ask", "na"]

ASKED = (Criterion.KIND, Criterion.COUNTRY, Criterion.POPULATION, Criterion.IN_TIME)
# The words of the open interface.
STATES_OF_API: dict[State, str] = {"yes": "eligible", "no": "not_eligible", "ask": "needs_review"}
STATES: dict[Outcome, State] = {
    Outcome.PASS: "yes",
    Outcome.FAIL: "no",
    Outcome.HUMAN: "ask",
}


@dataclass(frozen=True)
class Line:
    """One criterion: how it came out, in words, and the fact it used."""

    state: State
    title: str
    text: str
    said: str = ""


@dataclass(frozen=True)
class Answer:
    """The answer as a whole with its lines; `state` is "yes", "no" or "ask"."""

    state: State
    title: str
    text: str
    lines: list[Line]
    is_region: bool
    can_start: bool


def facts_from(data: dict[str, Any], *, country_name: str, now: datetime) -> ApplicantFacts:
    """Return what was typed as facts; a figure typed here counts as documented."""
    kind = data["kind"]
    is_group = kind == OrganisationKind.GROUP

    def member(name: str, *, people: int | None, is_lead: bool) -> MemberFacts:
        return MemberFacts(
            name=name,
            country=data["country"],
            country_name=country_name,
            is_lead=is_lead,
            population=people,
            year=now.year,
            source="typed",
        )

    # A group types one figure for all: it stands with the lead.
    members = [member(data["name"], people=data["population"], is_lead=True)]
    members += [member(name, people=0, is_lead=False) for name in data["members"]]
    return ApplicantFacts(
        organisation_kind=kind,
        kind=ApplicantKind.GROUP if is_group else ApplicantKind.SINGLE,
        members=tuple(members),
        now=now,
    )


def facts_from_figures(
    data: dict[str, Any], *, names: Mapping[str, str], now: datetime
) -> ApplicantFacts:
    """Return what a program asks as facts: the figure of each member, None for one that lacks.

    One figure of a group is that of all together, as in the form. `names` names the countries.
    """
    kind, figures = data["kind"], data["population"] or [None]
    is_group = kind == OrganisationKind.GROUP
    if is_group and len(figures) == 1:
        figures = [*figures, None if figures[0] is None else 0]
    members = [
        MemberFacts(
            name=_("municipality %(n)d") % {"n": number} if is_group else _("the applicant"),
            country=data["country"],
            country_name=names.get(data["country"], ""),
            is_lead=number == 1,
            population=figure,
            year=now.year,
            source="typed",
        )
        for number, figure in enumerate(figures, start=1)
    ]
    return ApplicantFacts(
        organisation_kind=kind,
        kind=ApplicantKind.GROUP if is_group else ApplicantKind.SINGLE,
        members=tuple(members),
        now=now,
    )


def _phase_of(call: Call, now: datetime) -> CallPhase:
    """Return the phase that an answer goes by: staff who try a draft are answered as before it."""
    phase = call.phase(now)
    return CallPhase.COMING if phase == CallPhase.DRAFT else phase


def judged(
    call: Call, rules: CallRules, facts: ApplicantFacts, *, now: datetime
) -> tuple[State, list[CriterionResult]]:
    """Return the answer as a whole and its criteria, for page and program alike."""
    results = evaluate(rules, facts, ASKED)
    found = {Criterion(result.key): result for result in results}
    return _state(found, _phase_of(call, now)), results


def answer(
    call: Call, rules: CallRules, data: dict[str, Any], *, country_name: str, now: datetime
) -> Answer:
    """Judge what was typed by the call's rules."""
    facts = facts_from(data, country_name=country_name, now=now)
    state, results = judged(call, rules, facts, now=now)
    found = {Criterion(result.key): result for result in results}
    phase = _phase_of(call, now)
    is_region = facts.organisation_kind == OrganisationKind.REGION
    lines = [
        _kind_line(found[Criterion.KIND], data),
        _country_line(found[Criterion.COUNTRY], country_name),
        _population_line(
            found[Criterion.POPULATION],
            facts,
            is_region=is_region,
            may_apply=found[Criterion.KIND].outcome == Outcome.PASS,
        ),
        _time_line(call, phase),
    ]
    if facts.is_group:
        lines.insert(3, _letters_line(len(data["members"])))
    title, text = _words(state, phase, found, data["name"], is_region=is_region)
    return Answer(
        state=state,
        title=title,
        text=text,
        lines=lines,
        is_region=is_region,
        can_start=state != "no" and phase == CallPhase.OPEN,
    )


def _state(found: dict[Criterion, CriterionResult], phase: CallPhase) -> State:
    """Too few inhabitants is a matter for staff, who can waive it; the rest decides."""
    firm = [result for key, result in found.items() if key is not Criterion.POPULATION]
    if phase == CallPhase.COMING:
        firm = [result for result in firm if result.key != Criterion.IN_TIME]
    whole = STATES[verdict(firm)]
    is_short = found[Criterion.POPULATION].outcome != Outcome.PASS
    return "ask" if whole == "yes" and is_short else whole


def _words(
    state: State,
    phase: CallPhase,
    found: dict[Criterion, CriterionResult],
    name: str,
    *,
    is_region: bool,
) -> tuple[str, str]:
    """Return the headline of the answer and the sentence below it."""
    if state == "no":
        return _no(phase, name, is_region=is_region)
    if state == "ask":
        is_short = found[Criterion.POPULATION].outcome == Outcome.FAIL
        return _("Perhaps: a person has to look"), (
            _(
                "The number of inhabitants is not met, but staff can waive it with a written "
                "reason. Ask for it in your application."
            )
            if is_short
            else _("The rules alone do not answer this. The coordination unit decides.")
        )
    if phase == CallPhase.COMING:
        return (
            _("Yes, %(name)s can apply once the call opens") % {"name": name},
            _("All criteria of this call are met. Come back when it opens."),
        )
    return (
        _("Yes, %(name)s can apply") % {"name": name},
        _(
            "All criteria of this call are met. The answer is a guide; the coordination unit "
            "checks again after you apply."
        ),
    )


def _no(phase: CallPhase, name: str, *, is_region: bool) -> tuple[str, str]:
    if is_region:
        return (
            _("No, a region cannot apply here"),
            _("This call is for cities. There are other ways on from here."),
        )
    if phase == CallPhase.CLOSED:
        return (
            _("No, this call is closed"),
            _("Look at the other calls; the criteria below show what this one asked for."),
        )
    return (
        _("No, %(name)s cannot apply to this call") % {"name": name},
        _("A criterion is not met. It is marked below, with what you can do."),
    )


def _kind_line(result: CriterionResult, data: dict[str, Any]) -> Line:
    said = {
        OrganisationKind.MUNICIPALITY: _("One city"),
        OrganisationKind.GROUP: ngettext(
            "Group of %(n)d", "Group of %(n)d", 1 + len(data["members"])
        )
        % {"n": 1 + len(data["members"])},
        OrganisationKind.METROPOLITAN: _("Metropolitan"),
        OrganisationKind.REGION: _("Region"),
    }[OrganisationKind(data["kind"])]
    text = result.sentence
    if result.outcome == Outcome.PASS:
        text = {
            OrganisationKind.GROUP: _("A group of municipalities can apply."),
            OrganisationKind.REGION: _("Regions and provinces can apply."),
        }.get(data["kind"], _("City authorities can apply."))
    return Line(STATES[result.outcome], _("Kind of applicant"), text, said)


def _country_line(result: CriterionResult, country_name: str) -> Line:
    text = result.sentence
    if result.outcome == Outcome.PASS:
        text = _("%(country)s is on the list of this call.") % {"country": country_name}
    return Line(STATES[result.outcome], _("Country"), text, country_name)


def _population_line(
    result: CriterionResult, facts: ApplicantFacts, *, is_region: bool, may_apply: bool
) -> Line:
    said = number_format(facts.total, force_grouping=True) if facts.total else ""
    if result.facts["minimum"] is None:
        return Line("na", result.title, result.sentence, said)
    if is_region and not may_apply:
        text = _("Does not apply: counted for cities and groups of municipalities.")
        return Line("na", result.title, text, said)
    short, minimum = result.facts["short"], result.facts["minimum"]
    if result.outcome == Outcome.FAIL:
        text = _(
            "%(short)s more would be needed. Staff can waive this with a written reason, and "
            "the programme has paired smaller cities."
        ) % {"short": number_format(short, force_grouping=True)}
        return Line("ask", result.title, text, said)
    if result.outcome == Outcome.PASS and minimum is not None and result.facts["strict"]:
        text = _("%(over)s above the line. %(minimum)s exactly would not be enough.") % {
            "over": number_format(facts.total - minimum, force_grouping=True),
            "minimum": number_format(minimum, force_grouping=True),
        }
        return Line("yes", result.title, text, said)
    return Line(STATES[result.outcome], result.title, result.sentence, said)


def _letters_line(others: int) -> Line:
    text = ngettext(
        "You need a signed letter of the other municipality. Add it with the application.",
        "You need a signed letter of each of the %(n)d others. Add them with the application.",
        others,
    ) % {"n": others}
    return Line("na", _("Commitment of each other municipality"), text, _("To prepare"))


def _time_line(call: Call, phase: CallPhase) -> Line:
    title = _("Call open")
    if phase == CallPhase.OPEN:
        return Line("yes", title, _("Applications are taken now."), _("Open"))
    if phase == CallPhase.COMING:
        return Line("na", title, _("It has not opened yet."), _("Opens soon"))
    if call.closes_at is None:
        return Line("no", title, _("Applications are no longer taken."), _("Closed"))
    return Line("no", title, _("The closing time has passed."), _("Closed"))
