"""A call copied: all its rules, none of its dates."""

import pytest
from django.urls import reverse

from core.kit.errors import InvalidError
from programme.calls.services import copy_call, data_of
from tests.factories.accounts import CoordinatorFactory
from tests.factories.calls import ready_call
from tests.factories.programme import ThemeFactory, TwoStageCallFactory

pytestmark = pytest.mark.django_db

DATES = ("opens_at", "closes_at", "decisions_on")


def test_a_copy_has_all_rules_and_no_dates():
    call = ready_call()
    call.takes_part_once = True
    call.checkers = 2
    call.save()
    call.themes.set([ThemeFactory(), ThemeFactory()])
    copy = copy_call(call=call, title="Again", code="C2C-2030", by=CoordinatorFactory())

    old, new = vars(data_of(call)), vars(data_of(copy))
    differs = {name for name in old if old[name] != new[name]}
    assert differs == {"title", "code", "slug", "opens_at", "closes_at"}
    assert [new[name] for name in DATES] == [None, None, None]
    assert copy.status == "draft"
    assert [(row.purpose, row.version) for row in copy.questionnaires.all()] == [
        (row.purpose, row.version) for row in call.questionnaires.all()
    ]


def test_the_code_of_another_call_is_refused():
    call = ready_call()
    with pytest.raises(InvalidError) as refusal:
        copy_call(call=call, title="Again", code=call.code, by=CoordinatorFactory())
    assert refusal.value.field == "code"


def test_page_says_what_becomes_of_two_stages(sign_in, settings):
    settings.DEMO = True
    client = sign_in(CoordinatorFactory())
    words = "set the day on which the first stage of the copy closes"
    for call, is_said in ((ready_call(), False), (TwoStageCallFactory(), True)):
        page = client.get(reverse("calls:staff_call_copy", args=[call.slug])).content.decode()
        assert (words in page) == is_said


def test_the_page_leads_to_the_draft(client, settings):
    settings.DEMO = True
    client.force_login(CoordinatorFactory())
    url = reverse("calls:staff_call_copy", args=[ready_call().slug])

    assert client.post(url, {"title": "Again", "code": "no"}).status_code == 422
    done = client.post(url, {"title": "Again", "code": "C2C-2030"})
    assert done["Location"] == reverse("calls:staff_call", args=["again"])
