"""What the paired cities say and sign."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from core.duties.services import touch
from core.kit.clocks import today_in
from core.kit.days import BRUSSELS, now
from core.kit.errors import InvalidError, WrongStateError
from core.kit.text import clean_line
from core.kit.writes import clean_reason, clean_text, require_version
from core.trail.services import record_event
from pairings.models import Milestone, Pairing, PairingMember, Signature
from pairings.services.closing import close
from pairings.services.common import locked, require_right
from pairings.services.mails import tell_parties, tell_staff
from pairings.states import PairingStatus, PartyAnswer
from pairings.timetable import day_after, deadline

NAME_LIMIT = 150
# Without a call, as for its default.
SIGNATURE_DAYS = 60
# An agreement older than this is a slip of the keyboard.
OLDEST_SIGNATURE = dt.timedelta(days=365)


@transaction.atomic
def answer_pairing(
    *,
    member: PairingMember,
    accept: bool,
    by: User,
    reason: str = "",
    read_version: int | None = None,
) -> PairingMember:
    """Record that a party accepts or declines; the last acceptance leads to the signing.

    Declining needs a reason, ends the proposal at once and gives all places back. Answers
    count until staff close the proposal, also after the day they were due. Who accepted
    may still decline while another party has not answered. Raises StaleError for an acceptance
    of what has been corrected since it was read (`read_version`).
    """
    pairing = locked(member.pairing_id)
    member = pairing.members.select_related("organisation", "answered_by").get(pk=member.pk)
    require_right(by, "pairings.answer_pairing", member)
    if pairing.status != PairingStatus.PROPOSED:
        raise WrongStateError(
            _(
                "This proposal is no longer open: it is “%(status)s”. Open the pairing to see "
                "what happened."
            )
            % {"status": pairing.get_status_display()},
            code="not_open",
        )
    if accept and member.answer == PartyAnswer.ACCEPTED:
        raise WrongStateError(_accepted_before(member), code="already_answered")
    if accept and read_version is not None:
        require_version(
            pairing.version,
            read_version,
            current=pairing,
            otherwise=_(
                "The coordination unit has changed this proposal while you read it. Read how it "
                "stands now, then answer again."
            ),
        )
    reason = clean_reason(
        reason, missing="" if accept else _("Write why you decline. Staff read it.")
    )
    member.answer = PartyAnswer.ACCEPTED if accept else PartyAnswer.DECLINED
    member.answered_at, member.answered_by = now(), by
    member.decline_reason = "" if accept else reason
    member.save(update_fields=["answer", "answered_at", "answered_by", "decline_reason"])
    details = {"organisation": member.organisation.name}
    if accept:
        record_event(
            verb="pairing.party_accepted", target=pairing, by=by, reason=reason, details=details
        )
        if not pairing.members.exclude(answer=PartyAnswer.ACCEPTED).exists():
            _open_signing(pairing)
    else:
        record_event(verb="pairing.declined", target=pairing, by=by, reason=reason, details=details)
        _end_declined(pairing, member, by)
    return member


@transaction.atomic
def record_signature(
    *,
    member: PairingMember,
    signed_on: dt.date,
    signatory_name: str,
    signatory_office: str,
    by: User,
) -> Signature:
    """Record that a party has signed the Partnership Agreement; the last one starts the clock.

    A lead of the party or staff record it. The cooperation starts on the day of the
    latest signature, whenever that was recorded: an agreement binds from the day the last
    party signed it. Milestones and the end are counted from that day.
    """
    pairing = locked(member.pairing_id)
    member = pairing.members.select_related("organisation").get(pk=member.pk)
    require_right(by, "pairings.record_signature", member)
    _refuse_to_sign(pairing, member)
    signature = Signature.objects.create(
        member=member,
        signed_on=_possible_day(pairing, member, signed_on),
        signatory_name=clean_text(
            clean_line(signatory_name),
            field="signatory_name",
            limit=NAME_LIMIT,
            missing=_("Write the name of the person who signed."),
        ),
        signatory_office=clean_text(
            clean_line(signatory_office),
            field="signatory_office",
            limit=NAME_LIMIT,
            missing=_("Write the office of the person who signed, for example Mayor."),
        ),
        recorded_by=by,
    )
    record_event(
        verb="pairing.signed",
        target=pairing,
        by=by,
        details={
            "organisation": member.organisation.name,
            "signed_on": signed_on.isoformat(),
            "signatory": signature.signatory_name,
            "office": signature.signatory_office,
        },
    )
    if not pairing.members.filter(signature=None).exists():
        _start_clock(pairing)
    return signature


def _refuse_to_sign(pairing: Pairing, member: PairingMember) -> None:
    """Raise WrongStateError when the party has signed already, or nothing is to be signed."""
    if known := Signature.objects.filter(member=member).select_related("recorded_by").first():
        raise WrongStateError(
            _(
                "%(person)s has already recorded the signature of %(name)s, on %(date)s. "
                "Nothing more is needed."
            )
            % {
                "person": known.recorded_by or _("A former colleague"),
                "name": member.organisation.name,
                "date": date_format(timezone.localtime(known.recorded_at, BRUSSELS)),
            },
            code="already_signed",
        )
    if pairing.status != PairingStatus.ACCEPTED:
        raise WrongStateError(
            _(
                "The agreement cannot be signed now: the pairing is “%(status)s”. Open it to "
                "see what comes next."
            )
            % {"status": pairing.get_status_display()},
            code="not_to_sign",
        )


def _open_signing(pairing: Pairing) -> None:
    days = pairing.call.signature_days if pairing.call else SIGNATURE_DAYS
    pairing.mark_accepted()
    pairing.sign_by = deadline(now(), days=days)
    pairing.save(update_fields=["status", "sign_by"])
    touch(pairing)
    record_event(verb="pairing.accepted", target=pairing, by=None)
    tell_parties(template="pairing_accepted_by_all", pairing=pairing, members=pairing.members.all())
    tell_staff(template="pairing_accepted_by_all", pairing=pairing)


def _end_declined(pairing: Pairing, member: PairingMember, by: User) -> None:
    close(pairing, outcome=PairingStatus.DECLINED, by=by, reason=member.decline_reason)
    # The other cities learn that it ended; the reason is for staff.
    tell_parties(
        template="pairing_declined",
        pairing=pairing,
        members=pairing.members.exclude(pk=member.pk),
        context={"declined_by": member},
    )
    tell_staff(
        template="pairing_declined",
        pairing=pairing,
        context={"declined_by": member, "reason": member.decline_reason},
    )


def _start_clock(pairing: Pairing) -> None:
    signatures = Signature.objects.filter(member__pairing=pairing)
    start = max(signatures.values_list("signed_on", flat=True))
    pairing.mark_running()
    pairing.started_on = start
    if call := pairing.call:
        pairing.ends_on = day_after(start, months=call.duration_months)
        Milestone.objects.bulk_create(
            Milestone(
                pairing=pairing,
                key=foreseen.key,
                title=foreseen.title,
                kind=foreseen.kind,
                due_on=day_after(start, months=foreseen.offset_months, days=foreseen.offset_days),
            )
            for foreseen in call.milestones.all()
        )
    pairing.save(update_fields=["status", "started_on", "ends_on"])
    touch(pairing)
    record_event(
        verb="pairing.started",
        target=pairing,
        by=None,
        details={"started_on": start.isoformat()},
    )
    tell_parties(template="agreement_signed_by_all", pairing=pairing, members=pairing.members.all())
    tell_staff(template="agreement_signed_by_all", pairing=pairing)


def _accepted_before(member: PairingMember) -> str:
    at = timezone.localtime(member.answered_at or now(), BRUSSELS)
    return _(
        "%(person)s has already accepted for %(name)s at %(time)s on %(date)s, Brussels time. "
        "Nothing more is needed until your partner has answered."
    ) % {
        "person": member.answered_by or _("A former colleague"),
        "name": member.organisation.name,
        "time": date_format(at, "H:i"),
        "date": date_format(at, "DATE_FORMAT"),
    }


def _possible_day(pairing: Pairing, member: PairingMember, signed_on: dt.date) -> dt.date:
    """Refuse a day that is still to come where the city lies, and one long before the proposal."""
    if signed_on > today_in(member.organisation.time_zone):
        raise InvalidError(
            _("The day of the signature lies in the future. Record it once it is signed."),
            field="signed_on",
        )
    proposed = timezone.localdate(pairing.proposed_at or pairing.created_at, BRUSSELS)
    if signed_on < proposed - OLDEST_SIGNATURE:
        raise InvalidError(
            _(
                "The day of the signature lies more than a year before the pairing was "
                "proposed. Check the year."
            ),
            field="signed_on",
        )
    return signed_on
