"""The page on which a coordinator makes a pairing, in one page that needs no script.

What is chosen stands in the address (call, cities, search words), so that every step is a
link or a GET form; topics and reason are sent with POST.
"""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.http import SignedInRequest
from core.kit.decorators import require_perm, staff_required
from core.kit.saving import INVALID, SHOWN, finish, posted, save
from pairings.forms import ChoiceForm, ProposalForm
from pairings.models import Pairing
from pairings.selectors import (
    Asked,
    Candidate,
    candidate_parties,
    earlier_pairings,
    live_pairing_of,
    members_key,
    topics_by_theme,
    warnings_of,
)
from pairings.services import AlreadyPairedError, Party, propose_pairing
from programme.calls.models import Call
from programme.models import Theme
from programme.organisations.models import Organisation
from programme.states import Side


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def staff_new(request: SignedInRequest) -> HttpResponse:
    """Choose a call, the cities of both sides, topics and a reason; propose the pairing."""
    require_perm(request.user, "pairings.create_pairing")
    choice = ChoiceForm(request.GET or None)
    if not choice.is_bound or not choice.is_valid():
        status = INVALID if request.method == "POST" else SHOWN
        return render(request, "pairings/staff_new.html", {"choice": choice}, status=status)
    call, chosen = choice.cleaned_data["call"], choice.cleaned_data
    sides = _sides(request, chosen)
    parties = _chosen_parties(sides, chosen)
    form = ProposalForm(posted(request))
    sent = save(request, form, lambda: _propose(request, call, parties, form))
    if sent.is_done:
        done = _proposed_in_words(sent.result, _without_lead_among(parties))
        return finish(request, done, "pairings:staff_detail", sent.result.reference)
    comparison = _comparison(parties, call, request)
    context = {
        "choice": choice,
        "call": call,
        "lacks_a_side": chosen["compare"] and not comparison["is_ready"],
        "sides": _columns(choice, sides, chosen),
        "form": form,
        "chosen_topics": {int(pk) for pk in form["topics"].value() or () if str(pk).isdecimal()},
        "existing": (sent.error.pairing if isinstance(sent.error, AlreadyPairedError) else None),
        **comparison,
    }
    return render(request, "pairings/staff_new.html", context, status=sent.status)


def _sides(
    request: SignedInRequest, chosen: dict[str, Any]
) -> dict[str, tuple[list[Candidate], int]]:
    """Return for each side who can be chosen, and how many fit the search."""
    asked = {
        side: Asked(chosen[f"{side}_q"], [organisation.pk for organisation in chosen[side]])
        for side in (Side.EU.value, Side.PARTNER.value)
    }
    return candidate_parties(call=chosen["call"], asked=asked, reader=request.user)


def _chosen_parties(
    sides: dict[str, tuple[list[Candidate], int]], chosen: dict[str, Any]
) -> list[Candidate]:
    wanted = [*chosen[Side.EU], *chosen[Side.PARTNER]]
    return [
        candidate
        for candidates, _total in sides.values()
        for candidate in candidates
        if candidate.organisation in wanted
    ]


def _propose(
    request: SignedInRequest, call: Call, parties: list[Candidate], form: ProposalForm
) -> Pairing:
    return propose_pairing(
        call=call,
        parties=[
            Party(
                organisation=candidate.organisation,
                side=candidate.organisation.side,
                application=candidate.application,
            )
            for candidate in parties
        ],
        topics=form.cleaned_data["topics"],
        reason=form.cleaned_data["reason"],
        by=request.user,
    )


def _without_lead_among(parties: list[Candidate]) -> list[str]:
    """Name the chosen organisations that have nobody who could answer."""
    return [str(candidate.organisation) for candidate in parties if not candidate.has_lead]


def _proposed_in_words(pairing: Pairing, without_lead: list[str]) -> str:
    """Say who has a mail, and who has nobody to get one."""
    if not without_lead:
        words = _("%(title)s is proposed. Every lead of its cities has a mail to answer.")
        return words % {"title": pairing.title}
    words = _(
        "%(title)s is proposed. %(names)s has no lead, so nobody there can answer: invite one. "
        "The leads of the others have a mail."
    )
    names = get_text_list(without_lead, _("and"))
    return words % {"title": pairing.title, "names": names}


def _columns(
    choice: ChoiceForm,
    sides: dict[str, tuple[list[Candidate], int]],
    chosen: dict[str, Any],
) -> list[dict[str, Any]]:
    titles = {
        Side.EU.value: _("City in Europe"),
        Side.PARTNER.value: _("Partner city"),
    }
    return [
        {
            "name": side,
            "title": titles[side],
            "search": choice[f"{side}_q"],
            "candidates": candidates,
            "chosen": {organisation.pk for organisation in chosen[side]},
            "more": max(total - len(candidates) + len(chosen[side]), 0),
        }
        for side, (candidates, total) in sides.items()
    ]


def _topic_groups(parties: list[Candidate], shared: list[Theme]) -> list[dict[str, Any]]:
    """Return the topics by theme: shared themes first, then those of one city, then others."""
    near = [theme for candidate in parties for theme in candidate.themes]
    first = list(dict.fromkeys([*shared, *near]))
    return [
        {
            "theme": theme,
            "topics": topics,
            "is_near": theme in first,
            "note": "" if theme in shared else _not_shared(theme, parties),
        }
        for theme, topics in topics_by_theme(first)
    ]


def _not_shared(theme: Theme | None, parties: list[Candidate]) -> str:
    """Say which of the chosen cities name a theme that not all of them do."""
    names = [str(party.organisation) for party in parties if theme in party.themes]
    if not names:
        return _("none of them names it")
    return _("only %(names)s") % {"names": get_text_list(names, _("and"))}


def _comparison(parties: list[Candidate], call: Call, request: SignedInRequest) -> dict[str, Any]:
    """Return what stands between the chosen cities; nothing until both sides are chosen."""
    sides = {candidate.organisation.side for candidate in parties}
    if sides != {Side.EU.value, Side.PARTNER.value}:
        return {"is_ready": False}
    organisations: list[Organisation] = [candidate.organisation for candidate in parties]
    shared = [
        theme
        for theme in parties[0].themes
        if all(theme in candidate.themes for candidate in parties)
    ]
    return {
        "is_ready": True,
        "parties": parties,
        "shared": shared,
        "warnings": warnings_of(
            call,
            organisations,
            [party.application for party in parties if party.application],
            request.user,
        ),
        "topic_groups": _topic_groups(parties, shared),
        "before": earlier_pairings(organisations),
        "live": live_pairing_of(members_key(organisations)),
        "full": [candidate for candidate in parties if not candidate.room],
        "without_lead": [candidate for candidate in parties if not candidate.has_lead],
    }
