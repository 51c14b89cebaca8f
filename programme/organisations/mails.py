"""Which mails on getting in must not leave any more."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from accounts.models import User
from core.duties.catalogue import key_of
from core.kit import days
from core.post.models import Mail
from programme.organisations.models import Claim, Invitation, Organisation
from programme.organisations.states import ClaimState


def outdated(mails: Iterable[Mail]) -> dict[int, str]:
    """Return by id why a mail no longer holds; five queries at most."""
    mails = list(mails)
    return (
        _used_links(mails)
        | _answered(mails)
        | _taken_away(mails)
        | _one_again(mails)
        | _readers_who_left(mails)
    )


def _about(mails: list[Mail], *kinds: str) -> dict[str, list[Mail]]:
    """Return the mails of some kinds by the id of what they are about."""
    found: dict[str, list[Mail]] = {}
    for mail in mails:
        if mail.kind in kinds and mail.about:
            found.setdefault(mail.about.partition(":")[2], []).append(mail)
    return found


def _answered(mails: list[Mail]) -> dict[int, str]:
    """Return those that ask for an answer which somebody has given."""
    asked = _about(mails, "claim_asked")
    if not asked:
        return {}
    still_open = Claim.objects.filter(pk__in=asked).open().values_list("pk", flat=True)
    waiting = {str(pk) for pk in still_open}
    why = _("Somebody has answered it.")
    return {mail.pk: why for pk, rows in asked.items() if pk not in waiting for mail in rows}


def _taken_away(mails: list[Mail]) -> dict[int, str]:
    """Return those that tell of a role which staff have taken away."""
    told = _about(mails, "claim_granted", "claim_by_domain")
    if not told:
        return {}
    objected = Claim.objects.filter(pk__in=told, state=ClaimState.OBJECTED)
    gone = {str(pk) for pk in objected.values_list("pk", flat=True)}
    why = _("Staff have taken the role away.")
    return {mail.pk: why for pk, rows in told.items() if pk in gone for mail in rows}


def _one_again(mails: list[Mail]) -> dict[int, str]:
    """Return those that tell of two organisations of which one was merged away since."""
    told = _about(mails, "organisation_split")
    if not told:
        return {}
    there = set(map(str, Organisation.objects.filter(pk__in=told).values_list("pk", flat=True)))
    why = _("The two are one again.")
    return {mail.pk: why for pk, rows in told.items() if pk not in there for mail in rows}


def _readers_who_left(mails: list[Mail]) -> dict[int, str]:
    """Return what is for an organisation and goes to somebody who has left its team.

    An address without an account is as the city gave it; staff answer to no team.
    """
    asked = [
        mail
        for mail in mails
        if mail.owner.startswith("organisation:") and mail.kind != "invitation"
    ]
    if not asked:
        return {}
    addresses = {mail.recipient for mail in asked}
    teams: dict[str, set[str]] = {}
    people = User.objects.filter(email__in=addresses, staff_role="")
    for email, is_active, organisation in people.values_list(
        "email", "is_active", "memberships__organisation"
    ):
        team = teams.setdefault(email, set())
        if is_active:
            team.add(f"organisation:{organisation}")
    why = _("Its reader has left the team.")
    return {
        mail.pk: why
        for mail in asked
        if mail.recipient in teams and mail.owner not in teams[mail.recipient]
    }


def _used_links(mails: list[Mail]) -> dict[int, str]:
    """Return the mails whose link leads nowhere any more."""
    asked = [mail for mail in mails if mail.kind == "invitation" and mail.about]
    if not asked:
        return {}
    ids = [mail.about.partition(":")[2] for mail in asked]
    still_open = Invitation.objects.filter(
        pk__in=ids, accepted_at=None, revoked_at=None, expires_at__gt=days.now()
    )
    keys = set(map(key_of, still_open))
    why = _("The invitation was used, taken back, or has run out.")
    return {mail.pk: why for mail in asked if mail.about not in keys}
