"""The page of the profile: what the applicant looks for in a partner."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import BoundField
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import SignedInRequest
from applications.forms.profile import DeedForm, ProfileForm
from applications.models import Application, Profile
from applications.selectors.profile import like_cities, profile_of
from applications.services import save_profile
from applications.services.profile import MOST_CHALLENGES, Deed
from applications.states import Direction
from applications.views.pages import back_to, draft_view, editable, frame, go_on, show, stored_now
from core.kit.days import saved_at_words
from core.kit.errors import PortalError, StaleError
from core.kit.focus import row_in_hand
from core.kit.saving import INVALID, SHOWN, Sent, posted, save
from programme.organisations.forms import DescribeForm
from programme.organisations.services import describe_organisation


@dataclass(frozen=True)
class ShownRow:
    """A row of the page: what it is, its fields, and where its buttons can move it."""

    row: Any
    fields: tuple[BoundField, ...]
    is_first: bool
    is_last: bool


def _rows(form: ProfileForm, rows: list[Any], *names: str) -> list[ShownRow]:
    return [
        ShownRow(
            row,
            tuple(form[f"{name}_{row.pk}"] for name in names),
            is_first=number == 0,
            is_last=number == len(rows) - 1,
        )
        for number, row in enumerate(rows)
    ]


@dataclass(frozen=True)
class ShownSide:
    """What the applicant wants to learn, or can share, and the field that adds to it."""

    key: str
    title: str
    rows: list[ShownRow]
    adding: BoundField
    is_full: bool


def _sides(form: ProfileForm) -> list[ShownSide]:
    sides = []
    for direction in Direction:
        chosen = [row for row in form.challenges if row.direction == direction]
        sides.append(
            ShownSide(
                key=direction.value,
                title=str(direction.label),
                rows=_rows(form, chosen, "weight", "words"),
                adding=form[f"{direction.value}_topic"],
                is_full=len(chosen) >= MOST_CHALLENGES,
            )
        )
    return sides


@require_http_methods(["GET", "POST"])
@draft_view
def profile(request: SignedInRequest, application: Application) -> HttpResponse:
    """Show and save what is looked for in a partner, and do what was pressed beside a row."""
    stored = profile_of(application)
    form = ProfileForm(application, stored, posted(request))
    deed = DeedForm.deed_of(request.POST)
    sent = save(
        request,
        form,
        lambda: save_profile(
            application=application,
            data=form.data_of(deed),
            read_version=form.read_version,
            by=request.user,
        ),
        saves_itself=True,
    )
    if not sent.is_done:
        return _page(request, application, stored, form, sent)
    if "do" in request.POST:
        return back_to(application, "profile", _place_after(application, form, deed))
    messages.success(request, _("Saved."))
    return go_on(application, "profile")


def _lists(form: ProfileForm) -> Iterator[tuple[str, str, list[Any]]]:
    """Give each list of rows: what adds to it, the first field of a row, and the rows."""
    for direction in Direction:
        side = [row for row in form.challenges if row.direction == direction]
        yield form[f"{direction.value}_topic"].auto_id, "weight", side
    for is_wanted in (True, False):
        wishes = [row for row in form.wishes if row.is_wanted == is_wanted]
        yield "add-wish", "reason", wishes
    yield "add-partner", "partner", form.cooperations


def _place_after(application: Application, form: ProfileForm, deed: Deed | None) -> str:
    """Return the id of the field to go on with: of the row that came, was moved, or is beside.

    Where no row is left it is what adds one; "" where nothing came or went.
    """
    now = ProfileForm(application, profile_of(application))
    for (_add, _first, before), (add, first, after) in zip(_lists(form), _lists(now), strict=True):
        old, new = [row.pk for row in before], [row.pk for row in after]
        if old == new:
            continue
        row = deed.pk if deed and deed.pk in new else row_in_hand(old, new)
        if row is None:
            return add
        field = now[f"{first}_{row}"]
        chosen = [one for one in field.subwidgets if one.data.get("selected")]
        return chosen[0].id_for_label if chosen else field.id_for_label or field.auto_id
    return ""


def _page(
    request: HttpRequest,
    application: Application,
    stored: Profile,
    form: ProfileForm,
    sent: Sent[Any],
) -> HttpResponse:
    wanted = [row for row in form.wishes if row.is_wanted]
    excluded = [row for row in form.wishes if not row.is_wanted]
    around = frame(application, "profile")
    sides = _sides(form)
    context = around | {
        "form": form,
        "sides": sides,
        "has_topics": any(side.rows for side in sides),
        "wanted": _rows(form, wanted, "reason"),
        "excluded": _rows(form, excluded, "reason"),
        "countries": application.partner_countries.all(),
        "earlier": _rows(form, form.cooperations, "partner", "years", "what"),
        "like": like_cities(application),
        "tags": application.organisation.tags.all(),
        "languages": application.organisation.languages.all(),
        "autosave": ""
        if around["is_closed"]
        else reverse("applications:profile_save", args=[application.key]),
        "saved_at": saved_at_words(stored.saved_at),
        "save_state": _save_state(application, stored, sent),
        **stored_now(form, sent, application),
    }
    return show(request, "profile.html", context, sent.status)


def _save_state(application: Application, stored: Profile, sent: Sent[Any]) -> str:
    """Return what the line at the foot tells (components/save_state.html)."""
    if sent.is_put_back:
        return "put_back"
    is_older = stored.saved_at is not None and stored.saved_at < application.created_at
    return "taken_over" if is_older else "saved"


@require_POST
@login_required
def profile_save(request: SignedInRequest, key: str) -> JsonResponse:
    """Save what is written so far (docs/frontend.md has the contract); add nothing."""
    application = editable(request, key)
    stored = profile_of(application)
    form = ProfileForm(application, stored, request.POST, adds=False)
    if not form.is_valid():
        [text, *_more] = [text for texts in form.errors.values() for text in texts]
        return _told(stored.version, {"state": "refused", "text": text}, INVALID)
    try:
        saved = save_profile(
            application=application,
            data=form.data_of(),
            read_version=form.read_version,
            by=request.user,
        )
    except StaleError as error:
        state = {
            "state": "conflict",
            "name": str(stored.saved_by or _("Somebody else")),
            "is_own": stored.saved_by == request.user,
            "time": saved_at_words(stored.saved_at),
        }
        return _told(stored.version, state, error.status)
    except PortalError as error:
        # What can be put right is tried again with the next change; a closed call is not.
        status = error.status if error.status == INVALID else 410
        return _told(stored.version, {"state": "refused", "text": error.message}, status)
    time = saved_at_words(saved.saved_at)
    return _told(saved.version, {"state": "saved", "time": time}, SHOWN)


def _told(version: int, state: dict[str, Any], status: int) -> JsonResponse:
    html = render_to_string("components/save_state.html", state)
    return JsonResponse({"version": version, "html": html}, status=status)


@require_http_methods(["GET", "POST"])
@draft_view
def city(request: SignedInRequest, application: Application) -> HttpResponse:
    """Say what kind of city it is and which languages it works in, without leaving the draft."""
    form = DescribeForm(application.organisation, posted(request))
    sent = save(
        request,
        form,
        lambda: describe_organisation(
            organisation=application.organisation, by=request.user, **form.values()
        ),
    )
    if sent.is_done:
        messages.success(request, _("Saved."))
        return redirect("applications:profile", application.key)
    stored = stored_now(form, sent, application.organisation)
    context = frame(application, "profile") | {"form": form, **stored}
    return show(request, "profile_city.html", context, sent.status)
