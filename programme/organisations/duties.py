"""What the people of an organisation owe to each other."""

from functools import partial

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.duties.catalogue import Ask, Duty, Search, Words, duty, key_of
from core.kit.rows import NOTHING
from programme.organisations.models import Claim, Invitation, Membership, Organisation
from programme.organisations.states import LEADS, ClaimState, MembershipRole, Standing

DAYS_BEFORE = 3


@duty(
    "invitation",
    label=gettext_lazy("Invitation that nobody has taken up"),
    days=(DAYS_BEFORE,),
    ahead=DAYS_BEFORE,
)
def invitations(ask: Ask) -> Search[Invitation]:
    """Each invitation that runs out unanswered, owed by who sent it and could send it again."""
    sent = Invitation.objects.select_related("organisation", "invited_by")
    if ask.reader is not None:
        sent = sent.filter(
            organisation__in=Organisation.objects.visible_to(ask.reader).values("pk")
        )
    leads = Membership.objects.filter(
        user=OuterRef("invited_by"),
        organisation=OuterRef("organisation"),
        role=MembershipRole.LEAD,
    )
    of_staff = Q(invited_by__isnull=False) & ~Q(invited_by__staff_role="")
    return ask.search(
        sent.filter(of_staff | Exists(leads)),
        _answer_due,
        is_open=Q(accepted_at=None, revoked_at=None, expires_at__gt=ask.now),
        is_done=Q(accepted_at__isnull=False),
        owner={"person": "invited_by"},
        about={"invitation": "pk", "organisation": "organisation"},
        due="expires_at",
    )


@duty("lead_missing", label=gettext_lazy("Organisation without a lead"))
def missing_leads(ask: Ask) -> Search[Organisation]:
    """Each organisation that needs a lead and has none, owed by the desk of its country.

    Nobody has set a date for it: an ask for dates finds none.
    """
    rows = Organisation.objects.without_lead().select_related("country")
    if ask.reader is not None:
        rows = rows.filter(pk__in=Organisation.objects.reached_by(ask.reader).values("pk"))
    return ask.search(
        rows.order_by("pk"),
        _lead_due,
        is_open=NOTHING if ask.is_dated else ~NOTHING,
        is_done=NOTHING,
        owner={"desk": "country"},
        about={"organisation": "pk"},
        due="created_at",
    )


@duty(
    "claim",
    label=gettext_lazy("Somebody asks to be let into a team"),
    days=(DAYS_BEFORE,),
    to=LEADS,
)
def claims(ask: Ask) -> Search[Claim]:
    """Each request to be let in, owed by the leads of the organisation.

    Those on what has no lead are `claim_for_staff`.
    """
    return _claims(ask, has_lead=True)


@duty("claim_for_staff", label=gettext_lazy("Somebody says that a city is theirs"))
def claims_for_staff(ask: Ask) -> Search[Claim]:
    """Each request to be let into what has no lead, owed by the desk of its country."""
    return _claims(ask, has_lead=False)


def _claims(ask: Ask, *, has_lead: bool) -> Search[Claim]:
    led = Membership.objects.filter(
        organisation=OuterRef("organisation"), role=MembershipRole.LEAD, user__is_active=True
    )
    rows = Claim.objects.filter(Exists(led) if has_lead else ~Exists(led))
    if ask.reader is not None:
        rows = rows.filter(pk__in=Claim.objects.reached_by(ask.reader).values("pk"))
    owner = {"organisation": "organisation"} if has_lead else {"desk": "organisation__country"}
    return ask.search(
        rows.select_related("organisation", "person"),
        partial(_claim_due, has_lead=has_lead),
        is_open=Q(state=ClaimState.ASKED),
        is_done=Q(state__in=[ClaimState.GRANTED, ClaimState.REFUSED]),
        owner=owner,
        about={"claim": "pk", "organisation": "organisation"},
        due="answer_by",
    )


def _claim_due(claim: Claim, *, has_lead: bool) -> Duty:
    organisation = claim.organisation
    names = {"person": str(claim.person), "city": organisation.name}
    owner = key_of(organisation) if has_lead else f"desk:{organisation.country_id}"
    return Duty(
        kind="claim" if has_lead else "claim_for_staff",
        about=key_of(claim),
        owner=owner,
        due=claim.answer_by,
        done=not claim.is_open,
        page=reverse("organisations:claim", args=[claim.pk]),
        say=lambda: Words(
            title=_("%(person)s asks to work for %(city)s") % names,
            context=organisation.name,
            text=_("Look at what they say, and let them in or refuse."),
            state=_("No answer yet"),
            tone="warning",
        ),
        facts=lambda: names,
    )


@duty("claim_objection", label=gettext_lazy("Let in by a mail domain"))
def objections(ask: Ask) -> Search[Claim]:
    """Each person whom a mail domain has let in, to be looked at while staff may object."""
    rows = Claim.objects.select_related("organisation", "person")
    if ask.reader is not None:
        rows = rows.filter(pk__in=Claim.objects.reached_by(ask.reader).values("pk"))
    return ask.search(
        rows.filter(object_until__isnull=False),
        _objection_due,
        is_open=Q(state=ClaimState.GRANTED, object_until__gt=ask.now),
        is_done=Q(state=ClaimState.OBJECTED),
        owner={"desk": "organisation__country"},
        about={"claim": "pk", "organisation": "organisation"},
        due="object_until",
    )


def _objection_due(claim: Claim) -> Duty:
    names = {"person": str(claim.person), "domain": claim.domain}
    return Duty(
        kind="claim_objection",
        about=key_of(claim),
        owner=f"desk:{claim.organisation.country_id}",
        due=claim.object_until,
        done=claim.state == ClaimState.OBJECTED,
        page=reverse("organisations:claim", args=[claim.pk]),
        say=lambda: Words(
            title=_("%(person)s was let in by %(domain)s") % names,
            context=claim.organisation.name,
            text=_("Object until then if the person does not speak for it."),
            state=_("Let in"),
        ),
        facts=lambda: names,
    )


@duty("organisation_standing", label=gettext_lazy("Organisation to be confirmed"))
def standings(ask: Ask) -> Search[Organisation]:
    """Each organisation that people have registered and staff have yet to confirm.

    Nobody has set a date for it: an ask for dates finds none.
    """
    rows = Organisation.objects.lasting().filter(standing=Standing.TO_CONFIRM)
    if ask.reader is not None:
        rows = rows.filter(pk__in=Organisation.objects.reached_by(ask.reader).values("pk"))
    return ask.search(
        rows.order_by("pk"),
        _standing_due,
        is_open=NOTHING if ask.is_dated else ~NOTHING,
        is_done=NOTHING,
        owner={"desk": "country"},
        about={"organisation": "pk"},
        due="created_at",
    )


def _standing_due(organisation: Organisation) -> Duty:
    return Duty(
        kind="organisation_standing",
        about=key_of(organisation),
        owner=f"desk:{organisation.country_id}",
        due=None,
        page=reverse("organisations:staff_organisation_confirm", args=[organisation.slug]),
        say=lambda: Words(
            title=_("Confirm an organisation"),
            context=organisation.name,
            text=_("Its people can write, and neither send nor invite before you have."),
            state=_("New"),
            tone="warning",
        ),
    )


def _lead_due(organisation: Organisation) -> Duty:
    return Duty(
        kind="lead_missing",
        about=key_of(organisation),
        owner=f"desk:{organisation.country_id}",
        due=None,
        page=reverse("organisations:staff_organisation", args=[organisation.slug]),
        say=lambda: Words(
            title=_("Invite a lead"),
            context=organisation.name,
            text=_("Nobody there can send, accept or sign. What is due reaches other people only."),
            state=_("No lead"),
            tone="warning",
        ),
    )


def _answer_due(invitation: Invitation) -> Duty:
    organisation, sender = invitation.organisation, invitation.invited_by
    in_console = sender is not None and sender.is_staff_member
    page = "organisations:staff_organisation" if in_console else "organisations:team"
    return Duty(
        kind="invitation",
        about=key_of(invitation),
        owner=f"person:{invitation.invited_by_id}",
        due=invitation.expires_at,
        done=invitation.accepted_at is not None,
        page=reverse(page, args=[organisation.slug]),
        say=lambda: Words(
            title=_("%(email)s has not joined yet") % {"email": invitation.email},
            context=organisation.name,
            text=_("The invitation runs out then. Send it again, or take it back."),
            state=_("No answer"),
            tone="warning",
        ),
        facts=lambda: {"email": invitation.email, "city": organisation.name},
    )
