"""Pages of a chosen city that is not paired yet: possible partners, and whom it would like."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.http import SignedInRequest
from applications.models import Application
from applications.selectors.profile import like_cities
from applications.states import ApplicationStatus
from core.kit.decorators import require_perm
from core.kit.paging import page_of
from core.kit.saving import finish, posted, save
from pairings.forms import PartnerSearch, WishForm
from pairings.models import PartnerWish
from pairings.selectors.wishes import (
    pairing_in_the_way,
    possible_partners,
    profiles_of,
    with_profiles,
)
from pairings.services import say_wish, take_back_wish
from programme.organisations.models import Organisation

ROWS = 12
LIKE_US = 12


@require_GET
@login_required
def partners(request: SignedInRequest, reference: str) -> HttpResponse:
    """List the public profiles of possible partners, and what the city has said of them."""
    application = _own_or_404(request, reference)
    form = PartnerSearch(request.GET)
    found = with_profiles(
        possible_partners(application, form.chosen["q"], is_wanted=form.is_wanted)
    )
    page = page_of(request, found, size=ROWS)
    context = {
        "application": application,
        "form": form,
        "page": page,
        "profiles": profiles_of(application, list(page)),
        "pairing": pairing_in_the_way(application),
    }
    return render(request, "pairings/partners.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def partner(request: SignedInRequest, reference: str, slug: str) -> HttpResponse:
    """Show one possible partner, and keep whether the city would like it."""
    application = _own_or_404(request, reference)
    organisation = get_object_or_404(with_profiles(possible_partners(application)), slug=slug)
    if request.method == "POST":
        require_perm(request.user, "pairings.say_wish", application)
    [profile] = profiles_of(application, [organisation])
    form = WishForm(posted(request), initial=_said(profile.wish))
    sent = save(request, form, lambda: _wish(request, application, organisation, form))
    if sent.is_done:
        done = _("Noted. No other city sees it. You can change it until you are paired.")
        return finish(request, done, "pairings:partners", application.reference)
    pairing = pairing_in_the_way(application)
    context = {
        "application": application,
        "profile": profile,
        "form": form,
        "pairing": pairing,
        "may_say": pairing is None and request.user.has_perm("pairings.say_wish", application),
    }
    return render(request, "pairings/partner.html", context, status=sent.status)


@require_GET
@login_required
def like_us(request: SignedInRequest, reference: str) -> HttpResponse:
    """List the chosen cities that are most like this one, of both sides, with what they share."""
    application = _own_or_404(request, reference)
    context = {"application": application, "like": like_cities(application, most=LIKE_US)}
    return render(request, "pairings/like_us.html", context)


def _own_or_404(request: SignedInRequest, reference: str) -> Application:
    """Return the chosen application of one of the person's organisations."""
    chosen = Application.objects.filter(status=ApplicationStatus.ACCEPTED)
    own = chosen.filter(organisation__in=request.user.memberships.values("organisation"))
    return get_object_or_404(own.select_related("organisation", "call"), reference=reference)


def _said(wish: PartnerWish | None) -> dict[str, str]:
    if wish is None:
        return {}
    stance = WishForm.WANTED if wish.is_wanted else WishForm.UNWANTED
    return {"stance": stance, "word": wish.word}


def _wish(
    request: SignedInRequest, application: Application, about: Organisation, form: WishForm
) -> PartnerWish | bool:
    stance, word = form.cleaned_data["stance"], form.cleaned_data["word"]
    if stance == WishForm.NOTHING:
        take_back_wish(application=application, about=about, by=request.user)
        return True
    return say_wish(
        application=application,
        about=about,
        is_wanted=stance == WishForm.WANTED,
        word=word,
        by=request.user,
    )
