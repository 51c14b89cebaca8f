"""The criteria, one function each."""

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.eligibility.facts import (
    GROUP,
    METROPOLITAN,
    MUNICIPALITY,
    OTHER,
    REGION,
    ApplicantFacts,
    CallRules,
    CriterionResult,
    MemberFacts,
)
from applications.eligibility.population import asks_for, enough_people, shortfall
from applications.eligibility.words import (
    doubled_words,
    instant_words,
    names_words,
    number_words,
    once_words,
    refusal_words,
    side_words,
)
from applications.states import CommitmentVerdict, Criterion, Outcome


def _result(
    key: Criterion,
    outcome: Outcome,
    sentence: str,
    *,
    rule: str,
    title: str = "",
    **facts: Any,
) -> CriterionResult:
    return CriterionResult(
        key=key,
        title=title or str(key.label),
        rule=rule,
        outcome=outcome,
        sentence=sentence,
        facts=facts,
    )


def _kind(rules: CallRules, facts: ApplicantFacts) -> CriterionResult:
    own = facts.organisation_kind
    effective = own if own in (REGION, OTHER, METROPOLITAN) else MUNICIPALITY
    if facts.is_group and own not in (REGION, OTHER):
        effective = GROUP

    def result(outcome: Outcome, sentence: str) -> CriterionResult:
        return _result(
            Criterion.KIND,
            outcome,
            sentence,
            rule=(
                _("A region or province")
                if rules.is_for_regions
                else _("A municipality, or a group of municipalities of one country")
            ),
            kind=effective,
            members=[member.name for member in facts.members],
        )

    allowed = effective in rules.applicant_kinds
    if not rules.applicant_kinds:
        return result(
            Outcome.HUMAN,
            _("The call does not say who may apply; the coordination unit decides."),
        )
    if effective == REGION and not allowed:
        there = (
            _("You can apply to “%(call)s”.") % {"call": rules.elsewhere}
            if rules.elsewhere
            else _("The calls for inter-regional cooperation are for you.")
        )
        return result(
            Outcome.FAIL,
            _(
                "Regions, provinces and other sub-national governments cannot apply here. "
                "%(there)s You may also support the application of a city."
            )
            % {"there": there},
        )
    if not allowed and effective in (OTHER, METROPOLITAN):
        return result(
            Outcome.HUMAN,
            _(
                "The call is for regions; the coordination unit decides whether this body "
                "acts for one."
            )
            if rules.is_for_regions
            else _(
                "The call is for cities; the coordination unit decides whether this body "
                "acts for one."
            ),
        )
    if not allowed:
        return result(
            Outcome.FAIL,
            _("Groups of municipalities cannot apply to this call. Apply as one city.")
            if effective == GROUP
            else _("Municipalities cannot apply to this call. Look at the other calls."),
        )
    alone = _("One region") if effective == REGION else _("One city")
    found = _group(facts, result) if effective == GROUP else result(Outcome.PASS, alone)
    if found.outcome == Outcome.PASS and facts.also_in:
        return _doubled(rules, facts, result)
    return found


def _doubled(
    rules: CallRules,
    facts: ApplicantFacts,
    result: Callable[[Outcome, str], CriterionResult],
) -> CriterionResult:
    if rules.takes_part_once and facts.sent_at is None:
        return result(Outcome.FAIL, once_words(facts.also_in))
    if facts.sent_at is None:
        sentence = _(
            "%(where)s. You can send yours: the coordination unit then asks both which one counts."
        )
    else:
        sentence = _("%(where)s. Ask both which application counts.")
    return result(Outcome.HUMAN, sentence % {"where": doubled_words(facts.also_in)})


def _group(
    facts: ApplicantFacts, result: Callable[[Outcome, str], CriterionResult]
) -> CriterionResult:
    if len(facts.members) < 2:  # noqa: PLR2004 - two make a group
        return result(
            Outcome.FAIL,
            _("A group has at least two municipalities. Add the others, or apply as one city."),
        )
    countries = {member.country for member in facts.members}
    if len(countries) > 1:
        where = [
            _("%(name)s is in %(country)s")
            % {"name": member.name, "country": member.country_name or member.country}
            for member in facts.members
        ]
        return result(
            Outcome.FAIL,
            _(
                "%(where)s: the municipalities of a group are of one country. "
                "Remove those of another country; they can apply on their own."
            )
            % {"where": names_words(where)},
        )
    return result(
        Outcome.PASS,
        ngettext(
            "Group of %(count)d municipality, same country",
            "Group of %(count)d municipalities, same country",
            len(facts.members),
        )
        % {"count": len(facts.members)},
    )


def _population(rules: CallRules, facts: ApplicantFacts) -> CriterionResult:
    outcome, sentence = enough_people(rules, facts)
    rule = _("The figures that you declare, each with its source and year.")
    if rules.min_population is not None and rules.strict:
        rule = _("%(number)s exactly is not more.") % {"number": number_words(rules.min_population)}
    if facts.is_group:
        rule = _("The group is counted together.") + " " + rule
    return _result(
        Criterion.POPULATION,
        outcome,
        sentence,
        title=asks_for(rules),
        rule=rule,
        total=facts.total,
        minimum=rules.min_population,
        strict=rules.strict,
        short=shortfall(rules, facts.total) if facts.is_declared else None,
        members=[
            {"name": m.name, "population": m.population, "year": m.year, "source": m.source}
            for m in facts.members
        ],
    )


def _country(rules: CallRules, facts: ApplicantFacts) -> CriterionResult:
    named = {m.country: m.country_name or m.country for m in facts.members if m.country}
    outside = {code: name for code, name in named.items() if code not in rules.countries}

    def result(outcome: Outcome, sentence: str) -> CriterionResult:
        return _result(
            Criterion.COUNTRY,
            outcome,
            sentence,
            rule=ngettext(
                "The call's list has %(count)d country",
                "The call's list has %(count)d countries",
                len(rules.countries),
            )
            % {"count": len(rules.countries)},
            countries=sorted(named),
            outside=sorted(outside),
        )

    if not named:
        return result(
            Outcome.HUMAN, _("No country is named yet. Name the municipality that applies.")
        )
    if not rules.takes_side:
        return result(Outcome.FAIL, side_words(rules.side))
    if outside:
        return result(
            Outcome.FAIL,
            _("%(names)s: not on this call's list of countries. Look for another call.")
            % {"names": names_words(outside.values())},
        )
    return result(Outcome.PASS, names_words(named.values()))


def _contact(_rules: CallRules, facts: ApplicantFacts) -> CriterionResult:
    def result(outcome: Outcome, sentence: str) -> CriterionResult:
        return _result(
            Criterion.CONTACT,
            outcome,
            sentence,
            rule=(
                _("An administrative contact with e-mail address")
                if facts.is_region
                else _("A lead municipality, and an administrative contact with e-mail address")
            ),
            lead=facts.lead.name if facts.lead else None,
            contact=facts.contact_name,
            has_email=bool(facts.contact_email),
        )

    if facts.lead is None:
        return result(
            Outcome.FAIL,
            _("No municipality leads. Choose which of them is the lead authority."),
        )
    if not facts.contact_name:
        return result(Outcome.FAIL, _("No administrative contact is named. Name one."))
    if not facts.contact_email:
        return result(
            Outcome.FAIL,
            _("%(name)s has no e-mail address here. Add it.") % {"name": facts.contact_name},
        )
    if facts.contact_outside:
        return result(
            Outcome.HUMAN,
            _(
                "%(name)s has left the organisation's team, or was never in it. Name "
                "another contact, or invite them."
            )
            % {"name": facts.contact_outside},
        )
    return result(Outcome.PASS, f"{facts.lead.name}, {facts.contact_name}")


def _commitments(_rules: CallRules, facts: ApplicantFacts) -> CriterionResult:
    others = [m for m in facts.members if not m.is_lead] if facts.is_group else []
    missing = [m.name for m in others if not m.committed]

    def result(outcome: Outcome, sentence: str) -> CriterionResult:
        return _result(
            Criterion.COMMITMENTS,
            outcome,
            sentence,
            rule=_("Each member but the lead commits, online or by a signed letter"),
            on_file=len(others) - len(missing),
            needed=len(others),
            missing=missing,
            unread=[m.name for m in others if m.verdict == CommitmentVerdict.WAITING],
        )

    if not facts.is_group:
        return result(
            Outcome.PASS,
            _("One region: nobody else has to commit.")
            if facts.is_region
            else _("One city: nobody else has to commit."),
        )
    if not others:
        return result(Outcome.FAIL, _("No other municipality is named yet. Add the others."))
    return result(*_given(others))


def _given(others: list[MemberFacts]) -> tuple[Outcome, str]:
    """Return what comes of the commitments of the others, worst first."""
    missing = [m.name for m in others if not m.committed and not m.asked]
    asked = [m.name for m in others if not m.committed and m.asked]
    refused = [m for m in others if m.verdict == CommitmentVerdict.REFUSED]
    unread = [m.name for m in others if m.verdict == CommitmentVerdict.WAITING]
    unclear = [m.name for m in others if not m.office_named]
    if missing:
        return (
            Outcome.FAIL,
            _("The commitment of %(names)s is missing. Invite it online, or upload its letter.")
            % {"names": names_words(missing)},
        )
    if asked:
        return (
            Outcome.FAIL,
            _("%(names)s: invited, no answer yet. Send the invitation again, or upload the letter.")
            % {"names": names_words(asked)},
        )
    if refused:
        return Outcome.FAIL, " ".join(refusal_words(m.name, m.refused_for) for m in refused)
    if unread:
        return (
            Outcome.HUMAN,
            _("%(count)d of %(needed)d on file. Staff still have to open: %(names)s.")
            % {"count": len(others), "needed": len(others), "names": names_words(unread)},
        )
    if unclear:
        return (
            Outcome.HUMAN,
            _(
                "The letter of %(names)s does not name the office of its signatory; staff "
                "read whether it binds the municipality."
            )
            % {"names": names_words(unclear)},
        )
    return (
        Outcome.PASS,
        _("%(count)d of %(needed)d on file") % {"count": len(others), "needed": len(others)},
    )


def _in_time(rules: CallRules, facts: ApplicantFacts) -> CriterionResult:
    at = facts.sent_at or facts.now

    def result(outcome: Outcome, sentence: str) -> CriterionResult:
        rule = (
            _("By %(instant)s, that second included") % {"instant": instant_words(rules.closes_at)}
            if rules.closes_at
            else _("The record of this call names no closing time")
        )
        return _result(
            Criterion.IN_TIME,
            outcome,
            sentence,
            rule=rule,
            sent_at=facts.sent_at.isoformat() if facts.sent_at else None,
            closes_at=rules.closes_at.isoformat() if rules.closes_at else None,
        )

    if rules.closes_at is None or at is None:
        return result(
            Outcome.HUMAN, _("Nobody can tell from the clock; the coordination unit decides.")
        )
    if rules.opens_at and at < rules.opens_at:
        return result(
            Outcome.FAIL,
            _("The call opens on %(instant)s. Come back then.")
            % {"instant": instant_words(rules.opens_at)},
        )
    # A second is in as a whole: 17:00:00.9 still counts as 17:00:00.
    if at.replace(microsecond=0) > rules.closes_at:
        if facts.sent_at:
            return result(
                Outcome.FAIL,
                _("Sent on %(instant)s, after closing.") % {"instant": instant_words(at)},
            )
        return result(
            Outcome.FAIL,
            _("The call closed on %(instant)s. Your draft is kept; look for the next call.")
            % {"instant": instant_words(rules.closes_at)},
        )
    if facts.sent_at:
        return result(Outcome.PASS, _("Sent on %(instant)s") % {"instant": instant_words(at)})
    return result(Outcome.PASS, _("Not sent yet; there is still time."))


def _room(_rules: CallRules, facts: ApplicantFacts) -> CriterionResult:
    room = facts.live_pairings < facts.capacity
    return _result(
        Criterion.ROOM,
        Outcome.PASS if room else Outcome.FAIL,
        (
            ngettext("%(count)d pairing now", "%(count)d pairings now", facts.live_pairings)
            if room
            else ngettext(
                "%(count)d pairing now: no place is free. Wait until one has ended.",
                "%(count)d pairings now: no place is free. Wait until one has ended.",
                facts.live_pairings,
            )
        )
        % {"count": facts.live_pairings},
        rule=_("At most %(count)d at the same time") % {"count": facts.capacity},
        live=facts.live_pairings,
        capacity=facts.capacity,
    )


_CRITERIA: dict[Criterion, Callable[[CallRules, ApplicantFacts], CriterionResult]] = {
    Criterion.KIND: _kind,
    Criterion.POPULATION: _population,
    Criterion.COUNTRY: _country,
    Criterion.CONTACT: _contact,
    Criterion.COMMITMENTS: _commitments,
    Criterion.IN_TIME: _in_time,
    Criterion.ROOM: _room,
}


def evaluate(
    rules: CallRules,
    facts: ApplicantFacts,
    criteria: Iterable[Criterion] | None = None,
) -> list[CriterionResult]:
    """Judge the facts by the rules; `criteria` limits the answer to some of them."""
    wanted = set(criteria) if criteria is not None else set(_CRITERIA)
    return [check(rules, facts) for key, check in _CRITERIA.items() if key in wanted]
