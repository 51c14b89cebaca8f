"""Which reminders must not leave any more."""

from collections import defaultdict
from collections.abc import Iterable

from django.utils.translation import gettext as _

from core.duties.catalogue import Ask, kinds
from core.kit import days
from core.post.models import Mail
from reminders.models import Delivery
from reminders.selectors import instant_of, recipients_of


def outdated(mails: Iterable[Mail]) -> dict[int, str]:
    """Return by id why a reminder no longer holds.

    Asked of the catalogue as it stands now: the thing is done or withdrawn, its date has moved,
    or the reader left the team. As many queries as kinds, and two for the people.
    """
    deliveries = Delivery.objects.filter(mail__in=[mail.pk for mail in mails])
    by_kind: dict[str, list[Delivery]] = defaultdict(list)
    for delivery in deliveries:
        by_kind[delivery.kind].append(delivery)
    found: dict[int, str] = {}
    for kind, rows in by_kind.items():
        found |= _outdated(kind, rows)
    return found


def _outdated(kind: str, deliveries: list[Delivery]) -> dict[int, str]:
    """Return what is outdated among the reminders of one kind."""
    keys = [delivery.duty.split("/") for delivery in deliveries]
    ask = Ask(
        about={about for _kind, about, _owner in keys},
        owners={owner for _kind, _about, owner in keys},
        now=days.now(),
    )
    open_duties = {duty.key: duty for duty in kinds()[kind].find(ask)} if kind in kinds() else {}
    people = recipients_of(open_duties.values())
    found = {}
    for delivery in deliveries:
        duty = open_duties.get(delivery.duty)
        if duty is None or duty.due is None:
            why = _("There is nothing left to do: it is done, withdrawn or over.")
        elif not delivery.due_key.startswith(f"{instant_of(duty.due)}/"):
            why = _("The date has moved since it was written.")
        elif delivery.recipient_id not in {person.user.pk for person in people[duty.key]}:
            why = _("Its reader no longer works on this.")
        else:
            continue
        # A delivery found by its mail has one.
        found[delivery.mail_id or 0] = why
    return found
