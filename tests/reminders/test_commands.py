"""`manage.py reminders` and `manage.py duties`: the same catalogue, for people and programs."""

import datetime as dt
import json

import pytest
from django.core.management import CommandError, call_command

from core.post.models import Mail
from pairings.states import PartyAnswer
from reminders.models import Look
from tests.factories.applications import ApplicationFactory
from tests.factories.pairings import PairingFactory
from tests.factories.programme import CallFactory, MembershipFactory

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
CLOSE = dt.datetime(2026, 12, 11, 16, tzinfo=dt.UTC)


def make_draft():
    call = CallFactory(opens_at=CLOSE - 60 * DAY, closes_at=CLOSE, slug="india-2026")
    draft = ApplicationFactory(call=call)
    MembershipFactory(organisation=draft.organisation, user__email=f"ana{draft.pk}@city.example")
    return draft


def test_command_lists_without_writing(capsys):
    draft = make_draft()

    call_command("reminders", as_of="2026-12-10T17:00", dry_run=True)

    out = capsys.readouterr().out
    assert f"ana{draft.pk}@city.example" in out
    assert "2026-12-11 17:00" in out
    assert "Reminders due: 1. Nothing was written." in out
    assert not Mail.objects.exists()


def test_command_queues(capsys):
    make_draft()

    call_command("reminders", as_of="2026-12-10T16:00:00Z")

    assert "Reminders queued: 1" in capsys.readouterr().out
    assert Mail.objects.count() == 1


@pytest.mark.parametrize("text", ["tomorrow", "2026-13-01T00:00", "12/11/2026"])
def test_command_refuses_what_is_no_time(text):
    with pytest.raises(CommandError, match="Write it as 2026-12-11T09:00"):
        call_command("reminders", as_of=text)


def test_command_as_of_another_time_leaves_the_look_alone():
    make_draft()

    call_command("reminders", as_of="2026-12-10T16:00:00Z")

    assert not Look.objects.exists()


def test_command_answers_programs(capsys):
    draft = make_draft()

    call_command("reminders", as_of="2026-12-10T17:00", dry_run=True, json=True)

    (row,) = json.loads(capsys.readouterr().out)
    assert row == {
        "kind": "draft_closing",
        "duty": f"draft_closing/application:{draft.pk}/organisation:{draft.organisation_id}",
        "to": f"ana{draft.pk}@city.example",
        "due": "2026-12-11T16:00:00+00:00",
        "occasion": "2026-12-11T16:00:00+00:00/1",
        "page": f"/applications/{draft.draft_key}/",
    }
    call_command("reminders", as_of="2026-12-10T17:00", json=True)
    assert json.loads(capsys.readouterr().out) == [{"queued": 1}]


# The catalogue -----------------------------------------------------------------------------


def printed(capsys, **options):
    call_command("duties", as_of="2026-12-01T09:00", json=True, **options)
    return json.loads(capsys.readouterr().out)


def test_catalogue_is_printed_for_people(capsys):
    draft = make_draft()

    call_command("duties", as_of="2026-12-01T09:00")

    line, end = capsys.readouterr().out.splitlines()
    assert line.split() == [
        "draft_closing",
        f"application:{draft.pk}",
        "2026-12-11",
        "17:00",
        "open",
        f"/applications/{draft.draft_key}/",
        f"ana{draft.pk}@city.example",
    ]
    assert end == "Duties: 1."


def test_catalogue_is_printed_for_programs(capsys):
    draft = make_draft()
    pairing = PairingFactory(accept_by=CLOSE)
    pairing.members.filter(side="eu").update(answer=PartyAnswer.ACCEPTED)
    eu, partner = pairing.members.all()

    rows = printed(capsys, kind=["draft_closing", "acceptance"])

    # Where a city has nobody, the unit stands in.
    unit = [pairing.proposed_by.email]
    assert [(row["kind"], row["about"], row["who"], row["done"]) for row in rows] == [
        ("draft_closing", f"application:{draft.pk}", [f"ana{draft.pk}@city.example"], False),
        ("acceptance", f"pairingmember:{eu.pk}", unit, True),
        ("acceptance", f"pairingmember:{partner.pk}", unit, False),
    ]
    assert rows[2]["owner"] == f"organisation:{partner.organisation_id}"
    assert rows[2]["due"] == "2026-12-11T16:00:00+00:00"


@pytest.mark.parametrize(
    ("options", "kinds"),
    [
        ({"open": True}, ["lead_missing", "lead_missing", "draft_closing", "acceptance"]),
        ({"kind": ["acceptance"]}, ["acceptance", "acceptance"]),
        ({"call": "india-2026"}, ["draft_closing"]),
    ],
)
def test_catalogue_is_narrowed(options, kinds, capsys):
    make_draft()
    pairing = PairingFactory()
    pairing.members.filter(side="eu").update(answer=PartyAnswer.ACCEPTED)

    assert [row["kind"] for row in printed(capsys, **options)] == kinds


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"kind": ["party"]}, "No kind is called party. There are: "),
        ({"call": "nowhere"}, "There is no call nowhere"),
        ({"as_of": "soon"}, "Write it as 2026-12-11T09:00"),
    ],
)
def test_catalogue_refuses_in_words(options, words):
    with pytest.raises(CommandError, match=words):
        call_command("duties", **options)
