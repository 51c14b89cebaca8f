"""Confirming suggested pairs: each becomes a proposal to its two cities, or says why not."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.kit.errors import InvalidError, NotAllowedError, PortalError
from core.trail.services import record_event
from pairings.matching.models import Run
from pairings.matching.services.boards import run_that_was_read
from pairings.matching.services.runs import locked_board
from pairings.models import Pairing
from pairings.services import AlreadyPairedError, Party, propose_pairing
from programme.calls.models import Call
from programme.models import Topic
from programme.organisations.models import CapacitySlot, Organisation


@dataclass(frozen=True)
class Confirmed:
    """A pair that staff confirm, by the slugs of its cities, with what both will read."""

    left: str
    right: str
    topics: Sequence[Topic]
    reason: str


@dataclass(frozen=True)
class Outcome:
    """What became of a confirmed pair: its pairing, or the refusal."""

    row: Confirmed
    pairing: Pairing | None = None
    # Whether it was proposed before, by a colleague or in another window.
    was_there: bool = False
    refusal: PortalError | None = None


@transaction.atomic
def confirm_pairs(*, call: Call, read: int, rows: Iterable[Confirmed], by: User) -> list[Outcome]:
    """Propose pairs to their cities; return what became of each, in the order of the rows.

    Each pair is proposed as a whole or not at all, and the refusal of one leaves the others. A pair
    that is proposed already stays as it is. Only cities of the run on the board can be paired,
    and only where none of them has ruled the other out. Raises WrongStateError where the run that
    was read (`read`, its number) does not stand there any more.
    """
    board = locked_board(call, by)
    run = run_that_was_read(board, read)
    rows = list(rows)
    if not rows:
        raise InvalidError(_("Choose at least one pair to confirm."))
    organisations = _locked_organisations(rows)
    outcomes = [_confirm(call, run, row, organisations, by) for row in rows]
    if made := sum(one.pairing is not None and not one.was_there for one in outcomes):
        details = {"run": run.number, "pairs": made}
        record_event(verb="matching.pairs_confirmed", target=run, by=by, details=details)
    return outcomes


def _locked_organisations(rows: Sequence[Confirmed]) -> dict[str, Organisation]:
    """Lock all cities and their places at once, in the order of ids.

    Whoever pairs two of them takes the same order: so nobody waits for one another in a ring.
    """
    slugs = {slug for row in rows for slug in (row.left, row.right)}
    found = Organisation.objects.filter(slug__in=slugs).order_by("pk")
    organisations = {one.slug: one for one in found.select_for_update(no_key=True)}
    places = CapacitySlot.objects.filter(organisation__in=organisations.values())
    list(places.order_by("pk").select_for_update(of=("self",)))
    return organisations


def _confirm(
    call: Call, run: Run, row: Confirmed, organisations: dict[str, Organisation], by: User
) -> Outcome:
    try:
        with transaction.atomic():
            _check(run, row, organisations)
            cities = [organisations[slug] for slug in (row.left, row.right)]
            pairing = propose_pairing(
                call=call,
                parties=[Party(city, city.side) for city in cities],
                topics=row.topics,
                reason=row.reason,
                by=by,
            )
    except NotAllowedError:
        raise
    except AlreadyPairedError as error:
        if error.pairing.call_id == call.pk:
            return Outcome(row, pairing=error.pairing, was_there=True)
        return Outcome(row, refusal=error)
    except PortalError as error:
        return Outcome(row, refusal=error)
    return Outcome(row, pairing=pairing)


def _check(run: Run, row: Confirmed, organisations: dict[str, Organisation]) -> None:
    """Refuse a pair that the run could not have suggested."""
    here = [{city["id"] for city in run.instance[side]} for side in ("left", "right")]
    if row.left not in here[0] or row.right not in here[1]:
        raise InvalidError(_("This pair is not of the run on the board. Choose it there."))
    if not {row.left, row.right} <= organisations.keys():
        raise InvalidError(_("One of the two cities is not in the portal any more."))
    if [row.left, row.right] in run.instance["forbidden"]:
        raise InvalidError(
            _("This pair is forbidden: by a colleague, or since one city ruled out the other.")
        )
