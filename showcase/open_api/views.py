"""The open interface: what the public pages say, for programs; documented in openapi.json."""

from typing import Any, Literal

from allauth.core.internal import ratelimit
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from ninja import Field, NinjaAPI, Query, Schema
from ninja.errors import ValidationError

from applications.selectors import call_rules
from core.kit import days
from programme.models import Country
from programme.states import Side
from showcase.check import STATES_OF_API, facts_from_figures, judged
from showcase.open_api.forms import EligibilityForm
from showcase.selectors import calls as selectors

ACTION = "open_api"


class OpenAPI(NinjaAPI):
    """Answers anybody, from any site, without cookies; each address only so often."""

    def create_response(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Let pages of other sites read the answer: it holds nothing of a visitor."""
        response = super().create_response(request, *args, **kwargs)
        response["Access-Control-Allow-Origin"] = "*"
        return response


class TooOftenError(Exception):
    """One address asked too often."""


def within_limit(request: HttpRequest) -> bool:
    """Count the request; raise TooOftenError once there were too many from its address."""
    rates = {ACTION: settings.OPEN_API_RATE}
    if ratelimit.consume(request, app=ACTION, action=ACTION, config=rates, limit_get=True):
        return True
    raise TooOftenError


api = OpenAPI(
    title="International Urban Cooperation, open interface",
    version="1",
    description="Reads what is public. No key, no cookies; every answer may be read by any site.",
    urls_namespace="open_api",
    docs_url=None,
    docs_decorator=require_safe,
    auth=within_limit,
)


class Index(Schema):
    """Where to go on."""

    openapi: str = Field(description="Address of the description of this interface.")


class Judged(Schema):
    """One criterion of the call."""

    key: Literal["kind", "country", "population", "in_time"]
    outcome: Literal["pass", "fail", "human"] = Field(description="human: a person has to look")
    reason: str = Field(description="A sentence for people, in the language of Accept-Language.")


class Eligibility(Schema):
    """The answer to "Can my city apply?": a guide; the coordination unit checks again."""

    verdict: Literal["eligible", "not_eligible", "needs_review"]
    criteria: list[Judged]


class Wrong(Schema):
    """A parameter that cannot be read, and why."""

    loc: list[str]
    msg: str


class Refusal(Schema):
    """Why there is no answer."""

    detail: str


class WrongInput(Schema):
    """What has to be put right."""

    detail: list[Wrong]


class Asked(Schema):
    """Who would apply."""

    kind: Literal["municipality", "group", "metropolitan", "region"]
    country: str = Field(description="ISO 3166-1 alpha-2 code", examples=["HR"])
    population: list[str] = Field(
        [],
        description="Inhabitants, as people type them. A group sends it once for each member, the "
        "lead first, and an empty one for a figure that is not known; or once for all together.",
        examples=[["120000"]],
    )


@api.get("/", response=Index, url_name="index", summary="Where to go on")
def index(request: HttpRequest) -> dict[str, str]:
    """Name the description of the interface."""
    address = request.build_absolute_uri(reverse("open_api:openapi-json"))
    return {"openapi": address}


@api.get(
    "/calls/{slug}/eligibility",
    response={200: Eligibility, 404: Refusal, 422: WrongInput, 429: Refusal},
    url_name="eligibility",
    summary="Can my city apply?",
)
def eligibility(request: HttpRequest, slug: str, asked: Query[Asked]) -> dict[str, Any]:  # noqa: ARG001 - described there, cleaned by the form
    """Judge an applicant by the rules of a call. Nothing is stored."""
    call = selectors.public_calls().filter(slug=slug).first()
    if call is None:
        raise Http404
    form = EligibilityForm(request.GET)
    if not form.is_valid():
        raise ValidationError([])
    now = days.now()
    country = Country.objects.filter(code=form.cleaned_data["country"]).first()
    names = {country.code: country.name} if country else {}
    facts = facts_from_figures(form.cleaned_data, names=names, now=now)
    rules = call_rules(call, country.side if country else Side.EU)
    state, results = judged(call, rules, facts, now=now)
    return {
        "verdict": STATES_OF_API[state],
        "criteria": [
            {"key": result.key, "outcome": result.outcome, "reason": result.sentence}
            for result in results
        ],
    }


@api.exception_handler(ValidationError)
def refuse_input(request: HttpRequest, _error: ValidationError) -> HttpResponse:
    """Say in sentences what cannot be read."""
    reasons = EligibilityForm(request.GET).reasons()
    detail = [{"loc": ["query", name], "msg": words} for name, words in reasons]
    return api.create_response(request, {"detail": detail}, status=422)


@api.exception_handler(Http404)
def refuse_unknown(request: HttpRequest, _error: Http404) -> HttpResponse:
    """Say that there is no such call."""
    detail = _("There is no published call of this name. The calls stand at /calls/.")
    return api.create_response(request, {"detail": detail}, status=404)


@api.exception_handler(TooOftenError)
def ask_to_wait(request: HttpRequest, _error: TooOftenError) -> HttpResponse:
    """Say when to ask again."""
    detail = _("Too many questions in a short time. Ask again in a minute.")
    response = api.create_response(request, {"detail": detail}, status=429)
    response["Retry-After"] = "60"
    return response
