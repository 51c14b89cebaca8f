"""Who else is in a section, on its page and while it saves itself."""

import datetime as dt

import pytest
from django.core.cache import cache, caches
from django.urls import reverse
from django.utils import timezone

from iuc_portal.cache import ForgivingRedisCache
from programme.organisations.states import MembershipRole
from questionnaires.presence import SEEN_FOR, enter
from tests.factories.accounts import UserFactory
from tests.factories.action_plans import PlanFactory
from tests.factories.applications import ApplicationFactory
from tests.factories.programme import MembershipFactory

pytestmark = pytest.mark.django_db

NOBODY_READS = {"why": "So.", "version_why": 0, "more": "", "version_more": 0}


@pytest.fixture(autouse=True)
def _nobody_is_there():
    cache.clear()


@pytest.fixture(params=["applications", "action_plans"])
def place(request):
    """The app of a section, what its address names, and its organisation."""
    if request.param == "applications":
        application = ApplicationFactory()
        return request.param, application.key, application.organisation
    plan = PlanFactory()
    return request.param, plan.reference, plan.member.organisation


def writer(place, name):
    return MembershipFactory(
        organisation=place[2], role=MembershipRole.EDITOR, user__full_name=name
    ).user


def at(place, name="section"):
    return reverse(f"{place[0]}:{name}", args=[place[1], "first"])


def words(html):
    return " ".join(html.split())


def test_second_to_open_a_section_sees_the_first_and_not_themselves(place, sign_in):
    ana, luka = writer(place, "Ana Kova\u010devi\u0107"), writer(place, "Luka Peri\u0107")
    assert "is writing here now" not in words(sign_in(ana).get(at(place)).content.decode())
    html = words(sign_in(luka).get(at(place)).content.decode())
    assert "<strong>Ana Kova\u010devi\u0107</strong> is writing here now." in html
    assert "<strong>Luka" not in html


def test_saving_while_typing_brings_who_came_since(place, sign_in):
    ana, luka = writer(place, "Ana"), writer(place, "Luka")
    sign_in(ana).get(at(place))
    sign_in(luka).get(at(place))
    told = sign_in(ana).post(at(place, "section_save"), NOBODY_READS).json()
    assert "<strong>Luka</strong> is writing here now." in words(told["swap"]["also-here"])


def test_who_gives_no_sign_was_there_and_then_is_gone(time_machine):
    ana, luka = UserFactory(full_name="Ana"), UserFactory(full_name="Luka")
    start = timezone.now().replace(hour=12, minute=0)
    section = {"response_id": 1, "section_key": "first"}
    time_machine.move_to(start, tick=False)
    assert enter(**section, person=ana) == []
    time_machine.move_to(start + dt.timedelta(minutes=2), tick=False)
    [seen] = enter(**section, person=luka)
    assert (seen.name, seen.initials, seen.is_now) == ("Ana", "A", False)
    time_machine.move_to(start + SEEN_FOR, tick=False)
    assert enter(**section, person=luka) == []
    assert [seen.name for seen in enter(**section, person=ana)] == ["Luka"]
    assert enter(response_id=1, section_key="second", person=ana) == []
    assert enter(response_id=2, section_key="first", person=ana) == []


def test_without_a_cache_nobody_is_seen_and_the_page_opens(place, sign_in, monkeypatch):
    away = ForgivingRedisCache("redis://127.0.0.1:1", {})
    monkeypatch.setitem(caches._connections.__dict__, "default", away)
    for name in ("Ana", "Luka"):
        client = sign_in(writer(place, name))
        page = client.get(at(place))
        assert page.status_code == 200
        assert "is writing here now" not in page.content.decode()
    assert client.post(at(place, "section_save"), NOBODY_READS).status_code == 200


def test_presence_costs_no_query(django_assert_num_queries):
    ana, luka = UserFactory(), UserFactory()
    with django_assert_num_queries(0):
        enter(response_id=1, section_key="first", person=ana)
        enter(response_id=1, section_key="first", person=luka)
