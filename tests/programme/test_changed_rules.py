"""Rules of a published call that change while cities write: shown first, nothing dropped."""

from dataclasses import replace

import pytest
from django.urls import reverse

from core.kit.errors import InvalidError
from programme.calls.services import data_of, save_call
from programme.calls.services.calls import impact_of_data
from tests.factories.accounts import CoordinatorFactory
from tests.factories.applications import (
    ApplicationFactory,
    SubmittedApplicationFactory,
    WorkingCopyFactory,
)
from tests.factories.programme import CallFactory, CountryFactory, ThemeFactory

pytestmark = pytest.mark.django_db


def test_a_change_that_touches_drafts_is_shown_and_confirmed(settings, client):
    settings.DEMO = True
    gone, kept = ThemeFactory(name="Food"), ThemeFactory()
    call = CallFactory(themes=[gone, kept])
    draft, sent = ApplicationFactory(call=call), SubmittedApplicationFactory(call=call)
    for application in (draft, sent):
        application.themes.set([gone])
    data = replace(data_of(call), themes=[kept])
    values = {"call": call, "by": CoordinatorFactory(), "reason": "No expert.", "read_version": 1}

    with pytest.raises(InvalidError) as refusal:
        save_call(data=data, **values)
    assert refusal.value.code == "impact"
    [found] = impact_of_data(call, data).found
    assert (found.words, found.drafts, found.sent) == (
        "The theme “Food” goes: chosen anew by",
        1,
        1,
    )
    assert list(save_call(data=data, impact_confirmed=True, **values).themes.all()) == [kept]
    assert list(draft.themes.all()) == [gone]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"eligible_countries": []}, "A country may apply no more"),
        ({"applicant_kinds": ["group"]}, "A kind of applicant may apply no more"),
        ({"min_population": 500_000}, "More inhabitants are asked for"),
        ({"partner_countries": []}, "The partner country India goes"),
    ],
)
def test_each_rule_says_what_it_does_to_drafts(change, words):
    call = CallFactory()
    draft = ApplicationFactory(call=call)
    draft.municipalities.update(population=150_000)
    draft.partner_countries.set(call.partner_countries.all())

    [found] = impact_of_data(call, replace(data_of(call), **change)).found
    assert found.words.startswith(words)
    assert found.drafts == 1


def test_taking_part_once_says_whose_drafts_name_what_was_sent():
    call = CallFactory()
    sent = SubmittedApplicationFactory(call=call)
    city = sent.municipalities.get()
    for country in (city.country, CountryFactory(code="AT", name="Austria")):
        ApplicationFactory(call=call, organisation__country=country, lead={"name": city.name})
    WorkingCopyFactory(revises=sent)
    data = replace(data_of(call), takes_part_once=True)
    [found] = impact_of_data(call, data).found
    assert found.words.startswith("A municipality takes part once")
    assert found.drafts == 1


def test_a_change_that_touches_no_draft_asks_nothing():
    call = CallFactory()
    ApplicationFactory(call=call)
    data = replace(data_of(call), summary="Shorter.", min_population=50_000)

    saved = save_call(
        call=call, data=data, by=CoordinatorFactory(), reason="Shorter.", read_version=1
    )
    assert saved.summary == "Shorter."


def test_the_editor_shows_what_a_change_does_before_it_is_saved(settings, client):
    settings.DEMO = True
    call = CallFactory(themes=[ThemeFactory(name="Food")])
    ApplicationFactory(call=call).themes.set(call.themes.all())
    client.force_login(CoordinatorFactory())
    url = reverse("calls:staff_call", args=[call.slug])
    form = {
        "title": call.title,
        "strand": call.strand_id,
        "duration_months": "18",
        "acceptance_days": "21",
        "signature_days": "60",
        "min_population_strict": "1",
        "min_population": "100000",
        "applicant_kinds": call.applicant_kinds,
        "eligible_countries": [row.pk for row in call.eligible_countries.all()],
        "partner_countries": [row.pk for row in call.partner_countries.all()],
        "opens_day": "1 October 2026",
        "opens_time": "09:00",
        "reason": "No expert.",
        "version": "1",
    }
    for prefix in ("commitments", "documents", "milestones", "criteria"):
        form |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}

    shown = client.post(url, form)
    assert shown.status_code == 422
    page = " ".join(shown.content.decode().split())
    assert "The theme “Food” goes: chosen anew by <strong> 1 draft" in page
    assert client.post(url, form | {"impact_confirmed": "on"}).status_code == 302
    assert not call.themes.exists()
