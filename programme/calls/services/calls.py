"""Writing calls: a new call and every change of its rules are data, never code."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.models import User
from core.duties.services import touch
from core.kit import days
from core.kit.days import BRUSSELS
from core.kit.errors import InvalidError, WrongStateError
from core.kit.text import fold
from core.kit.writes import clean_reason, lock, require, require_version
from core.trail.services import record_event
from programme.calls.models import Call
from programme.calls.selectors import (
    DocumentData,
    NewRules,
    RulesImpact,
    publish_checks,
    rules_impact,
)
from programme.calls.services.rows import (
    CriterionData,
    MilestoneData,
    write_commitments,
    write_criteria,
    write_documents,
    write_milestones,
)
from programme.calls.states import ApplicantSide, CallStatus, Checkers
from programme.models import Country, Strand, Theme
from programme.organisations.models import Organisation
from programme.organisations.states import OrganisationKind
from programme.states import Origin

FULL_WEIGHT = 100


@dataclass(frozen=True)
class CallData:
    """All that a coordinator types about a call."""

    title: str
    code: str
    strand: Strand
    slug: str = ""
    summary: str = ""
    description: str = ""
    opens_at: dt.datetime | None = None
    closes_at: dt.datetime | None = None
    interest_closes_at: dt.datetime | None = None
    decisions_on: dt.date | None = None
    duration_months: int = 18
    min_population: int | None = 100_000
    min_population_strict: bool = True
    applicant_side: str = ApplicantSide.EU
    takes_part_once: bool = False
    checkers: int = Checkers.ONE
    applicant_kinds: list[str] = field(default_factory=list)
    eligible_countries: list[Country] = field(default_factory=list)
    partner_countries: list[Country] = field(default_factory=list)
    named_partners: list[Organisation] = field(default_factory=list)
    themes: list[Theme] = field(default_factory=list)
    acceptance_days: int = 21
    signature_days: int = 60
    commitments: list[str] = field(default_factory=list)
    documents: list[DocumentData] = field(default_factory=list)
    milestones: list[MilestoneData] = field(default_factory=list)
    criteria: list[CriterionData] = field(default_factory=list)


# The fields of CallData by how they are stored; the code has rules of its own.
PLAIN = [
    "title",
    "summary",
    "description",
    "strand",
    "opens_at",
    "closes_at",
    "interest_closes_at",
    "decisions_on",
    "duration_months",
    "min_population",
    "min_population_strict",
    "applicant_side",
    "takes_part_once",
    "checkers",
    "applicant_kinds",
    "acceptance_days",
    "signature_days",
]
MANY = ["eligible_countries", "partner_countries", "named_partners", "themes"]


def instant_for_record(value: dt.datetime | None) -> str:
    """Return an instant as the audit trail keeps it, e.g. "2026-12-10 17:00:00 CET"."""
    if value is None:
        return ""
    return value.astimezone(BRUSSELS).strftime("%Y-%m-%d %H:%M:%S %Z")


def rules_in_words(call: Call) -> dict[str, Any]:
    """Return what the audit trail compares: label -> value, all of it JSON."""
    kinds = dict(OrganisationKind.choices)
    return {
        _("Title"): call.title,
        _("Summary"): call.summary,
        _("Description"): call.description,
        _("Strand"): call.strand.name,
        _("Opens"): instant_for_record(call.opens_at),
        _("Closes"): instant_for_record(call.closes_at),
        _("First stage closes"): instant_for_record(call.interest_closes_at),
        _("Decisions on"): call.decisions_on.isoformat() if call.decisions_on else "",
        _("Duration in months"): call.duration_months,
        _("Inhabitants"): call.min_population,
        _("Exactly the number is not enough"): call.min_population_strict,
        _("Open for"): call.get_applicant_side_display(),
        _("A municipality takes part once"): call.takes_part_once,
        _("People for each eligibility check"): call.checkers,
        _("Kinds of applicant"): sorted(str(kinds[kind]) for kind in call.applicant_kinds),
        _("Countries that may apply"): _names(call.eligible_countries.all()),
        _("Partner countries"): _names(call.partner_countries.all()),
        _("Named partner cities"): _names(call.named_partners.all()),
        _("Themes"): _names(call.themes.all()),
        _("Days to accept"): call.acceptance_days,
        _("Days to sign"): call.signature_days,
        _("Commitments"): [row.text for row in call.commitments.all()],
        _("Documents asked for"): [
            _("%(title)s (%(required)s) %(help)s")
            % {
                "title": row.title,
                "required": _("required") if row.is_required else _("optional"),
                "help": row.help,
            }
            for row in call.documents.asked()
        ],
        _("Milestones"): [
            _("%(title)s (%(kind)s) after %(months)d months, %(days)d days")
            % {
                "title": row.title,
                "kind": row.get_kind_display(),
                "months": row.offset_months,
                "days": row.offset_days,
            }
            for row in call.milestones.all()
        ],
        _("Assessment criteria"): [
            " ".join(
                [
                    f"{row.title} {row.weight} % (0–{row.max_score})",
                    *filter(None, [row.guidance, *row.ladder.values()]),
                ]
            )
            for row in call.criteria.all()
        ],
    }


def _names(rows: Iterable[Any]) -> list[str]:
    return sorted(str(row) for row in rows)


def _save(call: Call) -> None:
    try:
        with transaction.atomic():
            call.save()
    except IntegrityError as error:
        # A colleague took the code (or the address made of it) since _check looked.
        raise _code_taken(call.code) from error


def _code_taken(code: str) -> InvalidError:
    return InvalidError(
        _("Another call has the code %(code)s. Choose another one.") % {"code": code},
        field="code",
    )


def _check(data: CallData, call: Call | None) -> None:
    if data.opens_at and data.closes_at and data.closes_at <= data.opens_at:
        raise InvalidError(
            _("The call closes before it opens. Choose a later closing time."),
            field="closes_at",
        )
    _check_first_stage(data)
    weights = sum(criterion.weight for criterion in data.criteria)
    if data.criteria and weights != FULL_WEIGHT:
        raise InvalidError(
            _("The weights add up to %(sum)d %%. Change them so that they add up to 100 %%.")
            % {"sum": weights},
            field="criteria",
        )
    same_code = Call.objects.filter(code=data.code)
    if call is not None:
        same_code = same_code.exclude(pk=call.pk)
    if same_code.exists():
        raise _code_taken(data.code)
    if call is None or call.status != CallStatus.PUBLISHED:
        return
    if data.code != call.code:
        raise InvalidError(
            _("The code of a published call stays: references begin with it."),
            field="code",
        )
    if data.closes_at != call.closes_at:
        raise InvalidError(
            _("Move the closing time with “Move the deadline”: those who write are told there."),
            field="closes_at",
        )
    if bool(data.interest_closes_at) != call.is_two_stage:
        raise InvalidError(
            _("A published call keeps its stages: cities have read how to apply. Copy it instead."),
            field="interest_closes_at",
            code="stages",
        )
    if data.interest_closes_at != call.interest_closes_at:
        raise InvalidError(
            _("Move the first stage with “Move the deadline”: those who write are told there."),
            field="interest_closes_at",
        )


def _check_first_stage(data: CallData) -> None:
    """Raise InvalidError unless the first stage, where there is one, closes between the others."""
    first = data.interest_closes_at
    if first is None:
        return
    if (data.opens_at and first <= data.opens_at) or (data.closes_at and first >= data.closes_at):
        raise InvalidError(
            _("The first stage closes between the opening and the closing of the call."),
            field="interest_closes_at",
        )


def impact_of_data(call: Call, data: CallData, reader: User | None = None) -> RulesImpact:
    """Return what saving this would do to drafts of a published call; nothing for another one.

    With a `reader` without what is kept from them.
    """
    if call.status != CallStatus.PUBLISHED:
        return RulesImpact(reader)
    new = NewRules(
        themes=data.themes,
        partner_countries=data.partner_countries,
        eligible_countries=data.eligible_countries,
        applicant_side=data.applicant_side,
        applicant_kinds=data.applicant_kinds,
        min_population=data.min_population,
        strict=data.min_population_strict,
        takes_part_once=data.takes_part_once,
        documents=data.documents,
    )
    return rules_impact(call, new, reader)


def _free_slug(data: CallData) -> str:
    base = slugify(fold(data.slug or data.title))[:70].strip("-") or "call"
    slug, number = base, 1
    while Call.objects.filter(slug=slug).exists():
        number += 1
        slug = f"{base}-{number}"
    return slug


def _record_changes(call: Call, before: dict[str, Any], by: User, reason: str) -> bool:
    """Write what has changed to the audit trail; return whether anything has."""
    after = rules_in_words(call)
    changes = {
        label: [before[label], after[label]] for label in after if before[label] != after[label]
    }
    published = call.status == CallStatus.PUBLISHED
    if changes:
        record_event(
            verb="call.rules_changed" if published else "call.changed",
            target=call,
            by=by,
            reason=reason,
            details={"changes": changes},
        )
    return bool(changes)


@transaction.atomic
def save_call(
    *,
    call: Call | None,
    data: CallData,
    by: User,
    read_version: int = 0,
    reason: str = "",
    impact_confirmed: bool = False,
) -> Call:
    """Make a draft call, or change a call that was read in `read_version`.

    A change of a published call needs a reason and is recorded with before and after; one that
    touches drafts must be confirmed. Raises InvalidError, and StaleError when somebody else
    saved first.
    """
    require(by, "calls.edit_calls", otherwise=_("Only coordinators edit calls. Ask one of them."))
    if call is not None:
        call = lock(call)
        require_version(
            call.version,
            read_version,
            current=call,
            otherwise=_(
                "This call was saved while you were editing. What you typed is still here; "
                "compare it with what is saved now, and save again."
            ),
        )
    _check(data, call)
    # Nobody can confirm what is kept from them.
    if call is not None and not impact_confirmed and impact_of_data(call, data, by).touches_drafts:
        raise InvalidError(
            _(
                "Cities write drafts that this change touches. Read below what it does to them, "
                "and confirm it."
            ),
            field="impact_confirmed",
            code="impact",
        )
    is_new = call is None
    if call is None:
        call = Call(slug=_free_slug(data), origin=Origin.DEMO if by.is_demo else Origin.PORTAL)
    before = {} if is_new else rules_in_words(call)
    for name in PLAIN:
        setattr(call, name, getattr(data, name))
    if call.status == CallStatus.DRAFT:
        call.code = data.code
    if not is_new:
        call.version += 1
    _save(call)
    for name in MANY:
        getattr(call, name).set(getattr(data, name))
    write_commitments(call, data.commitments)
    write_documents(call, data.documents)
    write_milestones(call, data.milestones)
    write_criteria(call, data.criteria)
    if is_new:
        record_event(verb="call.created", target=call, by=by)
        return call
    reason = clean_reason(reason)
    changed = _record_changes(call, before, by, reason)
    if changed and call.status == CallStatus.PUBLISHED and not reason:
        raise InvalidError(
            _("Say why the published call changes. The reason stays on record."),
            field="reason",
        )
    return call


@transaction.atomic
def publish_call(*, call: Call, by: User, now: dt.datetime | None = None) -> Call:
    """Make a draft public. Raises WrongStateError naming what is missing."""
    require(
        by, "calls.edit_calls", otherwise=_("Only coordinators publish calls. Ask one of them.")
    )
    call = lock(call)
    if call.status == CallStatus.PUBLISHED:
        return call
    missing = [check.title for check in publish_checks(call, now=now or days.now()) if not check.ok]
    if missing:
        raise WrongStateError(
            _("The call cannot be published yet. Still to do: %(list)s.")
            % {"list": "; ".join(str(title) for title in missing)},
            code="not_ready",
        )
    call.status = CallStatus.PUBLISHED
    call.version += 1
    call.save(update_fields=["status", "version"])
    touch(call)
    record_event(verb="call.published", target=call, by=by)
    return call
