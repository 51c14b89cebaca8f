"""Closing times of single cities: more time asked for, codes for a late entry."""

import datetime as dt

import pytest
from django.urls import reverse

from applications.duties import drafts
from applications.models import Application
from applications.selectors import rules_of
from applications.services import save_applicant, start_application
from applications.services.locking import require_open_call
from core.duties.catalogue import Ask, find, key_of
from core.kit.errors import InvalidError, NotAllowedError, WrongStateError
from core.trail.models import AuditEvent
from programme.calls.duties import UNIT, extensions
from programme.calls.models import LateCode, OwnClosing
from programme.calls.models.closings import hash_of_code
from programme.calls.selectors import closing_of, phase_for, with_closing
from programme.calls.services import (
    ask_extension,
    grant_extension,
    make_late_code,
    redeem_late_code,
    refuse_extension,
    revoke_late_code,
)
from programme.calls.services.late_codes import MOST_HOURS, MOST_USES, MOST_WRONG
from tests.factories.accounts import CoordinatorFactory, ObserverFactory, UserFactory
from tests.factories.applications import ApplicationFactory
from tests.factories.calls import CODE, ExtensionRequestFactory, LateCodeFactory
from tests.factories.programme import (
    CallFactory,
    ClosedCallFactory,
    MembershipFactory,
    OrganisationFactory,
)

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 12, 1, 9, tzinfo=dt.UTC)
CLOSE = dt.datetime(2026, 12, 11, 16, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def clock(time_machine, settings):
    settings.DEMO = True
    time_machine.move_to(NOW, tick=False)
    return time_machine


@pytest.fixture
def call():
    return CallFactory(opens_at=NOW - 30 * DAY, closes_at=CLOSE, title="City pairings")


@pytest.fixture
def writer():
    return MembershipFactory(role="editor", organisation=OrganisationFactory())


def asks(call, writer, **more):
    values = {
        "wished_until": CLOSE + 7 * DAY,
        "why": "The council meets later.",
        "by": writer.user,
        **more,
    }
    return ask_extension(call=call, organisation=writer.organisation, **values)


def grants(wish, closes_at=CLOSE + 5 * DAY, **more):
    values = {"reason": "A short one.", "by": CoordinatorFactory(), **more}
    return grant_extension(wish=wish, closes_at=closes_at, **values)


def test_a_granted_extension_moves_the_close_of_that_city_alone(call, writer, clock):
    grants(asks(call, writer))
    other = OrganisationFactory()

    assert closing_of(call, writer.organisation) == CLOSE + 5 * DAY
    assert closing_of(call, other) == CLOSE
    clock.move_to(CLOSE + DAY, tick=False)
    assert phase_for(call, writer.organisation) == "open"
    assert phase_for(call, other) == "closed"
    clock.move_to(CLOSE + 5 * DAY, tick=False)
    assert phase_for(call, writer.organisation) == "open"
    clock.move_to(CLOSE + 5 * DAY + dt.timedelta(seconds=1), tick=False)
    assert phase_for(call, writer.organisation) == "closed"


def test_a_later_close_for_all_counts_where_it_is_later(call, writer):
    grants(asks(call, writer))
    call.closes_at = CLOSE + 9 * DAY
    call.save()

    assert closing_of(call, writer.organisation) == CLOSE + 9 * DAY


def test_the_draft_is_written_and_judged_by_its_own_close(call, writer, clock):
    draft = ApplicationFactory(call=call, organisation=writer.organisation)
    grants(asks(call, writer))
    clock.move_to(CLOSE + DAY, tick=False)

    saved = save_applicant(
        application=draft,
        kind="single",
        exception_reason="We are small.",
        read_version=draft.version,
        by=writer.user,
    )
    assert saved.exception_reason == "We are small."
    assert rules_of(saved).closes_at == CLOSE + 5 * DAY
    with pytest.raises(WrongStateError):
        require_open_call(ApplicationFactory(call=call))


def test_lists_read_the_own_close_along(call, writer, django_assert_num_queries):
    draft = ApplicationFactory(call=call, organisation=writer.organisation)
    other = ApplicationFactory(call=call)
    grants(asks(call, writer))

    with django_assert_num_queries(1):
        found = {row.pk: row.closes_at for row in with_closing(Application.objects.all())}
    assert found == {draft.pk: CLOSE + 5 * DAY, other.pk: CLOSE}


def test_reminders_of_the_draft_follow_its_own_close(call, writer, clock):
    draft = ApplicationFactory(call=call, organisation=writer.organisation)
    ApplicationFactory(call=call)
    grants(asks(call, writer))
    clock.move_to(CLOSE + DAY, tick=False)

    [duty] = find(Ask(now=CLOSE + DAY), [drafts])
    assert (duty.about, duty.due) == (key_of(draft), CLOSE + 5 * DAY)


def test_pages_of_the_city_show_its_own_close(call, writer, client, clock):
    draft = ApplicationFactory(call=call, organisation=writer.organisation)
    grants(asks(call, writer))
    clock.move_to(CLOSE + DAY, tick=False)
    client.force_login(writer.user)

    for name, args in (
        ("applications:detail", [draft.key]),
        ("applications:applicant", [draft.key]),
        ("applications:mine", []),
    ):
        page = client.get(reverse(name, args=args)).content.decode()
        assert "2026-12-16T16:00:00" in page, name
        assert "2026-12-11T16:00:00" not in page, name


def test_a_wish_twice_is_one(call, writer):
    assert asks(call, writer) == asks(call, writer, why="Again.")


@pytest.mark.parametrize("wished", [CLOSE, CLOSE - DAY, CLOSE + 61 * DAY])
def test_a_wish_that_is_no_extension_is_refused(call, writer, wished):
    with pytest.raises(InvalidError):
        asks(call, writer, wished_until=wished)


def test_a_wish_for_a_day_that_has_passed_says_so(call, writer):
    with pytest.raises(InvalidError, match="has passed"):
        asks(call, writer, wished_until=NOW - DAY)


def test_after_the_close_nothing_can_be_asked(call, writer, clock):
    clock.move_to(CLOSE + DAY, tick=False)
    with pytest.raises(WrongStateError):
        asks(call, writer)


def test_only_writers_ask(call, writer):
    with pytest.raises(NotAllowedError):
        asks(call, writer, by=UserFactory())


def test_a_wish_of_before_may_be_granted_after_the_close(call, writer, clock):
    wish = asks(call, writer)
    clock.move_to(CLOSE + DAY, tick=False)

    assert grants(wish).closes_at == CLOSE + 5 * DAY
    assert phase_for(call, writer.organisation) == "open"


@pytest.mark.parametrize("closes_at", [NOW - DAY, CLOSE])
def test_what_gives_no_more_time_is_not_granted(call, writer, closes_at):
    with pytest.raises(InvalidError):
        grants(asks(call, writer), closes_at=closes_at)


def test_writers_read_the_decision_and_its_reason(call, writer, mailoutbox):
    MembershipFactory(organisation=writer.organisation, role="viewer")
    grants(asks(call, writer))

    [mail] = mailoutbox
    assert mail.to == [writer.user.email]
    assert "16 December 2026, 17:00" in mail.body
    assert "A short one." in mail.body
    event = AuditEvent.objects.get(verb="extension.granted")
    assert event.details["after"] == "2026-12-16 17:00:00 CET"


def test_a_refusal_says_why_and_gives_no_time(call, writer, mailoutbox):
    refuse_extension(wish=asks(call, writer), reason="No cause.", by=CoordinatorFactory())

    assert "No cause." in mailoutbox[0].body
    assert closing_of(call, writer.organisation) == CLOSE


def test_a_wish_is_decided_once(call, writer):
    wish = asks(call, writer)
    grants(wish)
    with pytest.raises(WrongStateError) as refusal:
        refuse_extension(wish=wish, reason="No.", by=CoordinatorFactory())
    assert refusal.value.code == "moved_on"


def test_the_unit_owes_a_decision_before_the_close(call, writer):
    wish = asks(call, writer)
    [duty] = find(Ask(owners={UNIT}, now=NOW), [extensions])
    assert duty.due == CLOSE
    grants(wish)
    assert not list(find(Ask(owners={UNIT}, now=NOW), [extensions]))


# Codes for a late entry ----------------------------------------------------------------
@pytest.fixture
def closed():
    return ClosedCallFactory(opens_at=NOW - 30 * DAY, closes_at=NOW - DAY)


def code_for(call, writer, **more):
    return LateCodeFactory(call=call, organisation=writer.organisation, **more)


def redeem(call, writer, code=CODE, **more):
    values = {"organisation": writer.organisation, "by": writer.user, **more}
    return redeem_late_code(call=call, code=code, **values)


def test_a_code_is_kept_as_a_hash_and_read_however_it_is_typed(closed, writer):
    code, words = make_late_code(
        call=closed,
        organisation=writer.organisation,
        expires_at=NOW + DAY,
        closes_at=NOW + 2 * DAY,
        reason="The server was down.",
        by=CoordinatorFactory(),
    )

    assert words not in str(vars(code))
    assert code.code_hash == hash_of_code(f" {words.lower().replace('-', ' ')} ")
    assert redeem(closed, writer, words).closes_at == NOW + 2 * DAY


def test_a_code_lets_the_city_start_and_write(closed, writer):
    with pytest.raises(WrongStateError):
        start_application(call=closed, organisation=writer.organisation, by=writer.user)
    code_for(closed, writer)
    redeem(closed, writer)

    draft = start_application(call=closed, organisation=writer.organisation, by=writer.user)
    assert draft.is_draft


def test_a_colleague_finds_what_the_code_opened(closed, writer):
    code_for(closed, writer)
    closing = redeem(closed, writer)
    colleague = MembershipFactory(organisation=writer.organisation, role="lead")

    assert redeem(closed, colleague) == closing
    assert AuditEvent.objects.filter(verb="late_code.used").count() == 1


def test_a_code_is_bound_to_its_city_and_call(closed, writer):
    code_for(closed, writer)
    stranger = MembershipFactory(role="lead", organisation=OrganisationFactory())

    assert redeem(closed, stranger) is None
    assert redeem(ClosedCallFactory(), writer) is None
    with pytest.raises(NotAllowedError):
        redeem(closed, writer, by=stranger.user)
    assert not OwnClosing.objects.exists()


@pytest.mark.parametrize(
    "more", [{"expires_at": NOW - DAY}, {"revoked_at": NOW}], ids=["ran out", "taken back"]
)
def test_a_code_that_is_over_opens_nothing(closed, writer, more):
    code_for(closed, writer, **more)
    assert redeem(closed, writer) is None


def test_after_so_many_wrong_codes_none_is_tried(closed, writer, clock):
    code_for(closed, writer, expires_at=NOW + 3 * DAY)
    for _number in range(MOST_WRONG):
        assert redeem(closed, writer, "AAAA-BBBB-CCCC-DDDD") is None
    with pytest.raises(WrongStateError) as refusal:
        redeem(closed, writer)
    assert refusal.value.code == "too_many"
    # Nor by a colleague.
    with pytest.raises(WrongStateError):
        redeem(closed, MembershipFactory(organisation=writer.organisation, role="lead"))
    clock.move_to(NOW + DAY + dt.timedelta(minutes=1), tick=False)
    assert redeem(closed, writer) is not None


def test_a_code_of_several_uses_opens_the_call_for_hours_each_time(closed, writer, clock):
    code = code_for(closed, writer, uses=2, hours=6, expires_at=NOW + 3 * DAY)
    first = redeem(closed, writer)
    assert first.closes_at == NOW + dt.timedelta(hours=6)
    # A colleague, while it is open, uses nothing up.
    colleague = MembershipFactory(organisation=writer.organisation, role="lead")
    assert redeem(closed, colleague) == first
    code.refresh_from_db()
    assert (code.used, code.state) == (1, "open")
    clock.move_to(NOW + DAY, tick=False)
    assert phase_for(closed, writer.organisation) == "closed"
    assert redeem(closed, colleague).closes_at == NOW + DAY + dt.timedelta(hours=6)
    code.refresh_from_db()
    assert (code.used, code.state, code.used_by) == (2, "used", colleague.user)
    used = AuditEvent.objects.filter(verb="late_code.used").order_by("id")
    assert [event.details["use"] for event in used] == [1, 2]
    clock.move_to(NOW + 2 * DAY, tick=False)
    with pytest.raises(WrongStateError) as refusal:
        redeem(closed, writer)
    assert refusal.value.code == "used_up"
    assert OwnClosing.objects.count() == 2


def test_no_use_opens_the_call_for_longer_than_the_code_says(closed, writer):
    code = code_for(closed, writer, uses=2, hours=300)
    assert redeem(closed, writer).closes_at == code.closes_at


def test_a_code_that_ran_out_leaves_its_other_uses(closed, writer, clock):
    code_for(closed, writer, uses=3, hours=1, expires_at=NOW + DAY)
    redeem(closed, writer)
    clock.move_to(NOW + DAY + dt.timedelta(seconds=1), tick=False)
    assert redeem(closed, writer) is None


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"uses": 0}, "uses"),
        ({"uses": MOST_USES + 1, "hours": 1}, "uses"),
        ({"uses": 2}, "hours"),
        ({"uses": 2, "hours": 0}, "hours"),
        ({"hours": MOST_HOURS + 1}, "hours"),
    ],
)
def test_a_code_has_a_few_uses_with_an_end(closed, writer, more, field):
    with pytest.raises(InvalidError) as error:
        make(closed, writer, **more)
    assert error.value.field == field
    assert not LateCode.objects.exists()


def make(call, writer, **more):
    return make_late_code(
        call=call,
        organisation=writer.organisation,
        expires_at=NOW + DAY,
        closes_at=NOW + 2 * DAY,
        reason="The server was down.",
        by=CoordinatorFactory(),
        **more,
    )


def test_a_new_code_leaves_no_use_to_one_that_was_used(closed, writer, clock):
    old = code_for(closed, writer, uses=3, hours=6)
    closing = redeem(closed, writer)
    make(closed, writer)
    old.refresh_from_db()
    assert (old.uses, old.used, old.revoked_at) == (1, 1, None)
    # What it has opened stays open.
    assert redeem(closed, writer) == closing
    clock.move_to(closing.closes_at + dt.timedelta(seconds=1), tick=False)
    with pytest.raises(WrongStateError):
        redeem(closed, writer)


def test_a_code_of_several_uses_that_is_taken_back_closes_all_it_opened(closed, writer, clock):
    code = code_for(closed, writer, uses=2, hours=6)
    redeem(closed, writer)
    clock.move_to(NOW + DAY, tick=False)
    redeem(closed, writer)
    revoke_late_code(code=code, reason="Given by mistake.", by=CoordinatorFactory())
    assert not OwnClosing.objects.exists()


def test_a_code_that_is_taken_back_closes_again(closed, writer):
    code = code_for(closed, writer)
    redeem(closed, writer)
    revoke_late_code(code=code, reason="Given by mistake.", by=CoordinatorFactory())

    assert phase_for(closed, writer.organisation) == "closed"
    assert redeem(closed, writer) is None
    assert AuditEvent.objects.get(verb="late_code.revoked").reason == "Given by mistake."


def test_a_new_code_takes_the_place_of_an_unused_one(closed, writer):
    old = code_for(closed, writer)
    make_late_code(
        call=closed,
        organisation=writer.organisation,
        expires_at=NOW + DAY,
        closes_at=NOW + 2 * DAY,
        reason="Lost.",
        by=CoordinatorFactory(),
    )
    old.refresh_from_db()
    assert old.revoked_at == NOW
    assert redeem(closed, writer) is None


def test_the_page_makes_a_code_and_shows_it_once(closed, writer, client):
    client.force_login(CoordinatorFactory())
    url = reverse("calls:staff_late_code_new", args=[closed.slug])
    assert (
        writer.organisation.name
        in client.get(url, {"q": writer.organisation.name}).content.decode()
    )
    made = client.post(
        url,
        {
            "organisation": writer.organisation.pk,
            "expires_day": "3 December 2026",
            "expires_time": "17:00",
            "closes_day": "4 December 2026",
            "closes_time": "17:00",
            "uses": "3",
            "hours": "48",
            "reason": "The server was down.",
        },
    )
    assert made.status_code == 200
    [code] = LateCode.objects.all()
    assert (code.uses, code.hours) == (3, 48)
    assert "3 times" in made.content.decode()
    assert "for 48 hours each" in made.content.decode()
    words = made.content.decode().partition("<code>")[2].partition("</code>")[0]
    assert hash_of_code(words) == code.code_hash
    page = client.get(reverse("calls:staff_closings", args=[closed.slug])).content.decode()
    assert words not in page
    assert "Used 0 of 3" in page


def test_the_page_asks_for_the_hours_of_several_uses(closed, writer, client):
    client.force_login(CoordinatorFactory())
    url = reverse("calls:staff_late_code_new", args=[closed.slug])
    answer = client.post(
        f"{url}?q={writer.organisation.name}",
        {
            "organisation": writer.organisation.pk,
            "expires_day": "3 December 2026",
            "expires_time": "17:00",
            "closes_day": "4 December 2026",
            "closes_time": "17:00",
            "uses": "2",
            "reason": "The server was down.",
        },
    )
    assert answer.status_code == 422
    assert "Say for how many hours each use opens the call" in answer.content.decode()
    assert not LateCode.objects.exists()


def test_the_page_takes_a_code_and_keeps_wrong_ones_on_record(closed, writer, client):
    code_for(closed, writer)
    client.force_login(writer.user)
    url = reverse("applications:late_entry", args=[closed.slug])
    values = {"organisation": writer.organisation.pk}

    wrong = client.post(url, values | {"secret_code": "WRONG"})
    assert wrong.status_code == 422
    assert AuditEvent.objects.filter(verb="late_code.refused").count() == 1
    right = client.post(url, values | {"secret_code": CODE})
    assert right["Location"] == reverse("applications:start", args=[closed.slug])
    assert "Start the application" in client.get(right["Location"]).content.decode()


def test_the_pages_ask_and_decide(call, writer, client):
    draft = ApplicationFactory(call=call, organisation=writer.organisation)
    client.force_login(writer.user)
    url = reverse("applications:extension", args=[draft.key])
    sent = client.post(
        url, {"closes_day": "18 December 2026", "closes_time": "17:00", "why": "The council."}
    )
    assert sent.status_code == 302
    assert "Nobody has decided yet" in client.get(url).content.decode()

    wish = call.extension_requests.get()
    client.force_login(CoordinatorFactory())
    page = reverse("calls:staff_extension", args=[wish.pk])
    assert client.post(page, {"refuse": "1", "reason": ""}).status_code == 422
    assert client.post(page, {"refuse": "1", "reason": "No cause."}).status_code == 302
    wish.refresh_from_db()
    assert (wish.status, wish.reason) == ("refused", "No cause.")


def test_an_observer_gives_no_time(call):
    with pytest.raises(NotAllowedError):
        grants(ExtensionRequestFactory(call=call), by=ObserverFactory())


def test_the_list_of_calls_says_where_cities_wait(call, client):
    ExtensionRequestFactory(call=call)
    ExtensionRequestFactory(call=call, status="granted")
    client.force_login(CoordinatorFactory())
    page = client.get(reverse("calls:staff_calls")).content.decode()

    assert "1 city asks for more time" in page
    assert reverse("calls:staff_closings", args=[call.slug]) in page
