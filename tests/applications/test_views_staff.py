"""The pages of staff: one request per outcome, and flat query counts."""

import csv
import datetime as dt
import io
import math
from urllib.parse import urlencode
from zipfile import ZipFile

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.contenttypes.models import ContentType
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from applications.assessment.models import Letter
from applications.models import Application, Clarification
from applications.selectors.checking import read_version_of_check
from applications.services import decide_application
from core.jobs import services as jobs
from core.jobs.models import Job
from core.jobs.services import run_job
from core.kit.keys import FIELD, new_key
from core.kit.middleware import TAKEN_COOKIE
from tests.factories.accounts import (
    AssessorFactory,
    CoordinatorFactory,
    DeskFactory,
    ObserverFactory,
    UserFactory,
)
from tests.factories.applications import (
    ApplicationFactory,
    AssignmentFactory,
    ClarificationFactory,
    CommitmentFactory,
    ConflictFactory,
    CriterionRulingFactory,
    DecisionFactory,
    EligibleApplicationFactory,
    FirstCheckFactory,
    MunicipalityFactory,
    SubmittedApplicationFactory,
)
from tests.factories.assessment import AssessmentPlanFactory, HandedInFactory
from tests.factories.casework import NoteFactory
from tests.factories.outcomes import OutcomeFactory
from tests.factories.programme import (
    AssessmentCriterionFactory,
    CallFactory,
    CityFactory,
    CountryFactory,
    OrganisationFactory,
    PartnerCountryFactory,
    ThemeFactory,
)

pytestmark = pytest.mark.django_db


def seen(application):
    """What a page of the check carries along: the version of the case that it shows."""
    return {"version": read_version_of_check(Application.objects.get(pk=application.pk))}


LIST = "/staff/applications/"


@pytest.fixture
def staff(sign_in):
    """Sign in as staff, with the second factor they need."""

    def enter(person=None):
        person = person or CoordinatorFactory(full_name="Ilse Verbeek")
        Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": ""})
        return sign_in(person)

    return enter


def text(response):
    return response.content.decode()


def at(name, application):
    return reverse(f"applications:{name}", args=[application.reference])


def shown(response):
    """Return the references of the list, in order."""
    return [row.reference for row in response.context["page"].object_list]


# The list ---------------------------------------------------------------------------


def test_list_shows_what_was_sent_and_no_draft(staff):
    ApplicationFactory(organisation__name="Half written")
    sent = SubmittedApplicationFactory(
        organisation__name="Dubrovnik", themes=[ThemeFactory(name="Tourism")]
    )
    words = text(staff().get(LIST))
    assert "Dubrovnik" in words
    assert sent.reference in words
    assert "120,000" in words
    assert "Tourism" in words
    assert "Half written" not in words


def test_empty_list_says_what_will_stand_there(staff):
    assert "No application yet" in text(staff().get(LIST))


def test_list_without_a_match_offers_to_clear(staff):
    SubmittedApplicationFactory()
    assert "Nothing matches" in text(staff().get(LIST, {"q": "Atlantis"}))


@pytest.mark.parametrize(
    "words",
    ["Lodz", "łódź", "LODZ", "C2C-77", "c2c-77", "kovacevic", "Ana Kovačević", "srodmiescie"],
)
def test_search_finds_city_reference_and_person_without_accents(words, staff):
    application = SubmittedApplicationFactory(
        organisation__name="Miasto Łódź", reference="C2C-77", contact_name="Ana Kovačević"
    )
    application.search_text += " lodz-srodmiescie"
    application.save(update_fields=["search_text"])
    SubmittedApplicationFactory(
        organisation__name="Dubrovnik", contact_name="Luka Perić", signatory_name="Mara"
    )
    assert shown(staff().get(LIST, {"q": words})) == ["C2C-77"]


def test_list_is_filtered(staff):
    spain = CountryFactory(code="ES", name="Spain")
    call = CallFactory()
    wanted = SubmittedApplicationFactory(call=call, organisation=OrganisationFactory(country=spain))
    eligible = EligibleApplicationFactory()
    client = staff()
    assert shown(client.get(LIST, {"call": call.slug})) == [wanted.reference]
    assert shown(client.get(LIST, {"country": "ES"})) == [wanted.reference]
    assert shown(client.get(LIST, {"status": "eligible"})) == [eligible.reference]
    assert shown(client.get(LIST, {"view": "check"})) == [wanted.reference]
    assert len(shown(client.get(LIST, {"status": "nonsense", "page": "x", "sort": "?"}))) == 2


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("city", "AB"),
        ("-city", "BA"),
        ("inhabitants", "BA"),
        ("-inhabitants", "AB"),
        ("status", "BA"),
        ("sent", "AB"),
        ("-sent", "BA"),
    ],
)
def test_list_is_sorted(sort, order, staff):
    SubmittedApplicationFactory(reference="A", organisation__name="Ancona")
    EligibleApplicationFactory(
        reference="B", organisation__name="Brno", lead={"population": 101_000}
    )
    assert "".join(shown(staff().get(LIST, {"sort": sort}))) == order


def test_list_has_fifty_a_page_and_keeps_the_filter(staff):
    call = CallFactory()
    for _ in range(51):
        SubmittedApplicationFactory(call=call, lead=False)
    client = staff()
    first = client.get(LIST, {"call": call.slug})
    assert len(shown(first)) == 50
    assert f"call={call.slug}&amp;page=2" in text(first)
    assert len(shown(client.get(LIST, {"call": call.slug, "page": 2}))) == 1


def test_row_says_what_is_beside_the_application(staff):
    application = SubmittedApplicationFactory(
        themes=[ThemeFactory(name="Energy", order=1), ThemeFactory(name="Water", order=2)],
        partner_countries=[PartnerCountryFactory()],
    )
    MunicipalityFactory(application=application, population=None)
    AssignmentFactory(application=application, assessor__full_name="Ana Maria Šimić")
    EligibleApplicationFactory(themes=[], partner_countries=[])
    row, other = staff().get(LIST, {"sort": "sent"}).context["rows"]
    assert f'<a href="{at("staff_detail", application)}">' in row
    assert 'data-label="Themes">Energy <span class="more">+1</span></td>' in row
    assert 'data-label="Wants"><abbr title="India">IN</abbr></td>' in row
    assert 'data-label="Assessors"><abbr title="Ana Maria Šimić">AŠ</abbr></td>' in row
    assert 'data-label="Inhabitants">–</td>' in row
    for word, shown_words in (("Themes", "–"), ("Wants", "any"), ("Assessors", "–")):
        assert f'data-label="{word}">{shown_words}</td>' in other


def test_what_waits_for_the_check_is_counted_not_what_was_sent(staff):
    """Not what waits for its city, nor what one has found first; but what a colleague has."""
    one, two = CoordinatorFactory(), CallFactory(checkers=2)
    ClarificationFactory(application=SubmittedApplicationFactory())
    answered = ClarificationFactory(application=SubmittedApplicationFactory())
    answer = {"answered_at": timezone.now(), "kind": "explain", "answer": "So.", "sha256": "0"}
    Clarification.objects.filter(pk=answered.pk).update(**answer)
    FirstCheckFactory(application=SubmittedApplicationFactory(call=two), by=one)
    turned = SubmittedApplicationFactory(call=two, status="ineligible")
    FirstCheckFactory(application=turned, by=CoordinatorFactory())
    found = FirstCheckFactory(application=SubmittedApplicationFactory(call=two)).application
    SubmittedApplicationFactory(status="ineligible")
    client = staff(one)
    assert client.get(LIST).context["to_check"] == 3
    rows = {row.pk for row in client.get(LIST, {"view": "check"}).context["page"].object_list}
    assert rows == {answered.application_id, turned.pk, found.pk}


@pytest.mark.parametrize("number", [1, 10])
def test_list_takes_the_same_queries_for_one_and_ten(number, staff, django_assert_num_queries):
    for _ in range(number):
        application = SubmittedApplicationFactory(
            themes=[ThemeFactory(), ThemeFactory()],
            partner_countries=[PartnerCountryFactory()],
        )
        MunicipalityFactory(application=application)
        AssignmentFactory(application=application)
    client = staff()
    with django_assert_num_queries(13):
        assert len(shown(client.get(LIST))) == number


def test_desk_sees_its_own_countries_and_what_names_none(staff):
    india = PartnerCountryFactory()
    japan = PartnerCountryFactory(code="JP", name="Japan")
    both = SubmittedApplicationFactory(partner_countries=[india, japan])
    either = SubmittedApplicationFactory()
    other = SubmittedApplicationFactory(partner_countries=[japan])
    client = staff(DeskFactory(countries=[india]))
    assert set(shown(client.get(LIST))) == {both.reference, either.reference}
    assert client.get(at("staff_detail", other)).status_code == 404


def test_assessor_sees_what_is_assigned_and_only_reads(staff):
    assignment = AssignmentFactory()
    application, other = assignment.application, EligibleApplicationFactory()
    client = staff(assignment.assessor)
    assert shown(client.get(LIST)) == [application.reference]
    assert shown(client.get(LIST, {"view": "check"})) == [application.reference]
    assert client.get(at("staff_detail", other)).status_code == 404
    words = text(client.get(at("staff_detail", application)))
    assert "Waive" not in words
    assert reverse("assessment:prepare", args=[application.reference]) not in words
    assert at("staff_assign", application) not in words


def test_city_people_do_not_learn_of_the_list(sign_in):
    assert sign_in(UserFactory()).get(LIST).status_code == 404


# The export -------------------------------------------------------------------------


def exported(client, ending="xlsx", kind="", **filters):
    """Start an export as the page does, do it, and return its job."""
    address = reverse("applications:export") + "?" + urlencode(filters)
    response = client.post(address, {"ending": ending, "kind": kind})
    job = Job.objects.get(key=response.url.split("/")[2])
    run_job(pk=job.pk)
    job.refresh_from_db()
    assert job.state == "done", job.message
    return job


def read_csv(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def sheets_of(job):
    """The rows of each sheet of a workbook, as a spreadsheet reads them."""
    with default_storage.open(job.result.path) as file:
        book = load_workbook(io.BytesIO(file.read()))
    return {sheet.title: [[cell.value for cell in row] for row in sheet.rows] for sheet in book}


def read_back(job):
    with default_storage.open(job.result.path) as file:
        if job.result.kind == "application/zip":
            return read_csv(ZipFile(io.BytesIO(file.read())).read("applications.csv"))
        if job.result.kind == "text/csv":
            return read_csv(file.read())
        return [[cell.value for cell in row] for row in load_workbook(file).active.rows]


def test_export_holds_the_filtered_list_in_real_cells(staff):
    sent = dt.datetime(2026, 7, 1, 22, 30, 15, 99, tzinfo=dt.UTC)
    application = SubmittedApplicationFactory(
        organisation__name="=cmd|' /C calc'!A0", reference="C2C-1", submitted_at=sent
    )
    MunicipalityFactory(application=application, name="=1+1", population=1000)
    EligibleApplicationFactory(organisation__name="Brno")
    job = exported(staff(), status="submitted", call=application.call.slug, country="HR", q="cmd")
    heading, row = read_back(job)
    assert job.result.name == f"applications-{timezone.localdate():%Y-%m-%d}.xlsx"
    # Beside the application two municipalities stand on a sheet of their own.
    assert (job.message, job.done, job.total) == ("1 application", 3, 3)
    values = dict(zip(heading, row, strict=True))
    assert values["Reference"] == "C2C-1"
    assert values["Applicant"] == "=cmd|' /C calc'!A0"
    assert values["Inhabitants"] == 121_000
    assert values["Municipalities"].endswith("; =1+1")
    assert values["Sent (Brussels time)"].isoformat() == "2026-07-02T00:30:00"
    assert values["Status"] == "To check"


def test_export_as_csv_computes_nothing(staff):
    application = SubmittedApplicationFactory(reference="C2C-1")
    MunicipalityFactory(application=application, name="=1+1")
    _heading, row = read_back(exported(staff(), "csv"))
    assert row[0] == "C2C-1"
    assert row[6].endswith("; '=1+1")


def test_export_tells_the_newest_decision(staff):
    application = EligibleApplicationFactory(reference="C2C-1")
    client = staff()
    for outcome in ("reserve", "accepted"):
        decide_application(
            application=application,
            outcome=outcome,
            reason=f"Why {outcome}.",
            by=CoordinatorFactory(),
        )
    heading, row = read_back(exported(client))
    told = dict(zip(heading, row, strict=True))
    assert told["Decision"] == "Accepted"
    assert told["Reason given to the city"] == "Why accepted."
    assert told["Decided (Brussels time)"]


def test_export_holds_what_its_reader_sees(sign_in, settings):
    settings.DEMO = True
    mine = AssignmentFactory(application=EligibleApplicationFactory(reference="C2C-1"))
    EligibleApplicationFactory(reference="C2C-2")
    rows = read_back(exported(sign_in(mine.assessor), "csv"))
    assert [row[0] for row in rows[1:]] == ["C2C-1"]


@pytest.fixture
def full():
    """An application with a row of each kind; what is of another region stands beside it."""
    application = EligibleApplicationFactory(
        reference="C2C-1", partner_countries=[PartnerCountryFactory()]
    )
    CommitmentFactory(municipality=MunicipalityFactory(application=application, name="Konavle"))
    CriterionRulingFactory(application=application, reason="=1+1")
    ClarificationFactory(application=application, asked_at=SENT)
    NoteFactory(application=application, words="Ring them.")
    criterion = AssessmentCriterionFactory(call=application.call)
    for name in ("Ana Šimić", "Bo Ek"):
        HandedInFactory(
            assignment=AssignmentFactory(application=application, assessor__full_name=name),
            scores={criterion: 3.5},
        )
    row = OutcomeFactory(application=application)
    decision = DecisionFactory(
        application=application, outcome="accepted", stage="outcome", reason="A place."
    )
    Letter.objects.create(decision=decision, language="en-gb", subject="A place", text="Good news.")
    OutcomeFactory(application=EligibleApplicationFactory(reference="C2C-2"))
    return row


SENT = dt.datetime(2026, 7, 1, 22, 30, tzinfo=dt.UTC)


def test_export_has_a_sheet_for_each_kind_of_row_in_real_cells(full, staff):
    sheets = sheets_of(exported(staff(), q="C2C-1"))
    assert list(sheets) == [
        "Applications",
        "Municipalities",
        "Criteria judged by staff",
        "Clarifications",
        "Scores",
        "Decisions",
        "Outcomes prepared and told",
        "Letters",
        "Notes among staff",
    ]
    for rows in sheets.values():
        assert len(rows) > 1
        assert {row[0] for row in rows[1:]} == {"C2C-1"}
    heading, first, second = sheets["Scores"]
    assert dict(zip(heading, first, strict=True))["Points"] == 3.5
    assert {first[2], second[2]} == {"Ana Šimić", "Bo Ek"}
    heading, row = sheets["Clarifications"]
    asked = dict(zip(heading, row, strict=True))["Asked (Brussels time)"]
    assert asked.isoformat() == "2026-07-02T00:30:00"
    [lead, member] = sheets["Municipalities"][1:]
    assert isinstance(lead[5], int)
    assert member[2] == "Konavle"
    assert isinstance(member[9], dt.datetime)
    assert sheets["Criteria judged by staff"][1][4] == "=1+1"


def test_export_as_csv_is_a_file_for_each_kind_or_the_one_that_is_chosen(full, staff):
    client = staff()
    job = exported(client, "csv")
    with default_storage.open(job.result.path) as file:
        archive = ZipFile(io.BytesIO(file.read()))
    assert "scores.csv" in archive.namelist()
    assert read_csv(archive.read("rulings.csv"))[1][4] == "'=1+1"
    alone = exported(client, "csv", kind="notes")
    assert alone.result.name.startswith("notes-")
    assert read_back(alone)[1][2] == "Ring them."


def test_export_holds_of_each_kind_what_its_reader_may_see(full, staff, sign_in, settings):
    settings.DEMO = True
    desk = DeskFactory(countries=[PartnerCountryFactory()])
    kinds = set(sheets_of(exported(sign_in(desk), q="C2C")))
    assert "Scores" in kinds
    assert not {"Letters", "Outcomes prepared and told"} & kinds
    linked = CoordinatorFactory()
    ConflictFactory(application=full.application, person=linked)
    sheets = sheets_of(exported(sign_in(linked)))
    assert "C2C-1" not in {row[0] for rows in sheets.values() for row in rows}

    reader = full.application.assignments.first().assessor
    sheets = sheets_of(exported(sign_in(reader)))
    assert list(sheets) == ["Applications", "Municipalities", "Scores"]
    assert {row[2] for row in sheets["Scores"][1:]} == {"Ana Šimić", "Bo Ek"}
    other = AssignmentFactory(application=full.application).assessor
    assert sheets_of(exported(sign_in(other)))["Scores"][1:] == []
    started = sign_in(other).post(reverse("applications:export"), {"kind": "notes"})
    job = Job.objects.get(key=started.url.split("/")[2])
    run_job(pk=job.pk)
    job.refresh_from_db()
    assert (job.state, job.result) == ("failed", None)


@pytest.mark.parametrize("change", ["blind", "link", "role"])
def test_file_made_before_something_was_kept_back_is_handed_out_no_more(
    change, full, sign_in, settings
):
    settings.DEMO = True
    person = full.application.assignments.first().assessor
    client = sign_in(person)
    job = exported(client)
    address = reverse("jobs:result", args=[job.key])
    assert client.get(address).status_code == 200
    if change == "blind":
        AssessmentPlanFactory(call=full.application.call, is_blind=True)
    elif change == "link":
        ConflictFactory(application=full.application, person=person)
    else:
        person.staff_role = "observer"
        person.save()
    refused = client.get(address)
    assert refused.status_code == 403
    assert "Make it anew" in text(refused)


def test_export_in_a_form_that_nobody_offers_is_a_workbook(staff):
    SubmittedApplicationFactory()
    assert exported(staff(), "exe").result.name.endswith(".xlsx")


def test_sixth_export_at_once_is_refused_on_the_list(staff):
    client = staff()
    for number in range(5):
        client.post(f"{reverse('applications:export')}?q={number}", {"ending": "csv"})
    response = client.post(reverse("applications:export"), {"ending": "csv"}, follow=True)
    assert "You have 5 jobs that wait or run." in text(response)


def test_export_takes_the_same_queries_for_one_and_three(staff, monkeypatch):
    # Signs of progress go by the clock.
    monkeypatch.setattr(jobs, "PROGRESS_EVERY", math.inf)
    client = staff()

    def queries():
        with CaptureQueriesContext(connection) as captured:
            exported(client, "csv")
        return len(captured)

    SubmittedApplicationFactory()
    # What each process reads once is read here.
    exported(client, "csv")
    one = queries()
    SubmittedApplicationFactory.create_batch(2)
    assert queries() == one


# One application --------------------------------------------------------------------


def test_workbench_shows_criteria_facts_and_the_hint(staff):
    city = CityFactory(name="Dubrovnik", reference_population=26_922, reference_source="GeoNames")
    application = SubmittedApplicationFactory(lead={"population": 50_946, "city": city})
    CriterionRulingFactory(
        application=application, ruling="fail", reason="Too small.", by__full_name="Meera Pillai"
    )
    words = text(staff().get(at("staff_detail", application)))
    for part in (
        "50,946 declared, 49,055 too few.",
        "26,922",
        "A hint, never decides",
        "Too small.",
        "Meera Pillai",
        "Next: judge 1 criterion",
    ):
        assert part in words


@pytest.mark.parametrize("number", [1, 3])
def test_workbench_takes_the_same_queries_for_one_and_three(
    number, staff, django_assert_num_queries
):
    application = SubmittedApplicationFactory(kind="group")
    for _ in range(number):
        CommitmentFactory(municipality__application=application)
        CriterionRulingFactory(application=application)
    client = staff()
    # Which test of the process asks first is chance.
    ContentType.objects.get_for_model(application)
    # The second factor is asked for as well where it is not a demo. Two look for other applications
    # that name a municipality: which places the names can be, and who else names them. One says
    # who has a link with the applicant.
    with django_assert_num_queries(16):
        assert client.get(at("staff_detail", application)).status_code == 200


def test_answers_and_history_have_their_own_tabs(staff):
    snapshot = {
        "sections": [
            {
                "key": "a",
                "title": "Yours",
                "answers": [{"key": "why", "question": "Why?", "answer": "<i>So.</i>"}],
            }
        ]
    }
    application = SubmittedApplicationFactory(submission={"snapshot": snapshot})
    client = staff()
    assert "&lt;i&gt;So.&lt;/i&gt;" in text(
        client.get(at("staff_detail", application), {"tab": "answers"})
    )
    client.post(
        at("staff_rule", application),
        {"criterion": "room", "ruling": "pass", "reason": "Fine."} | seen(application),
    )
    words = text(client.get(at("staff_detail", application), {"tab": "history"}))
    assert "Criterion passed by staff" in words
    assert "Ilse Verbeek" in words


def test_waiving_goes_back_to_the_criterion(staff):
    application = SubmittedApplicationFactory(lead={"population": 50_946})
    client = staff()
    data = {"criterion": "population", "ruling": "waive", "reason": "Visitors.", "released": "on"}
    data |= seen(application)
    response = client.post(at("staff_rule", application), data)
    assert response.url == f"{at('staff_detail', application)}?tab=eligibility#criterion-population"
    words = text(client.get(at("staff_detail", application)))
    assert "Visitors." in words
    assert "released to the applicant" in words
    assert "Next: decide eligibility" in words


@pytest.mark.parametrize("data", [{"ruling": "waive"}, {"reason": "Typed."}])
def test_refused_ruling_keeps_what_was_typed(data, staff):
    application = SubmittedApplicationFactory()
    response = staff().post(at("staff_rule", application), {"criterion": "room", **data})
    assert "<title>Error: " in text(response)
    assert data.get("reason", "") in text(response)
    assert ('href="#reason-room"' in text(response)) == ("reason" not in data)
    assert not application.rulings.exists()


def test_ruling_after_the_decision_is_a_conflict(staff):
    application = EligibleApplicationFactory()
    data = {"criterion": "room", "ruling": "fail", "reason": "Late."}
    response = staff().post(at("staff_rule", application), data)
    assert response.status_code == 409
    assert "has moved on" in text(response)


@pytest.mark.parametrize("factory", [AssessorFactory, ObserverFactory])
def test_readers_do_not_rule(factory, staff):
    application = SubmittedApplicationFactory()
    person = factory()
    AssignmentFactory(application=application, assessor=person)
    client = staff(person)
    ruling = {"criterion": "kind", "ruling": "pass", "reason": "Fine."}
    assert client.post(at("staff_rule", application), ruling).status_code == 403
    assert client.get(at("staff_decide_eligibility", application)).status_code == 403
    assert not application.rulings.exists()


def test_eligible_in_one_step(staff):
    application = SubmittedApplicationFactory()
    client = staff()
    assert "Decide eligibility" in text(client.get(at("staff_decide_eligibility", application)))
    address = at("staff_decide_eligibility", application)
    response = client.post(address, {"eligible": "yes"} | seen(application))
    assert response.url == at("staff_detail", application)
    application.refresh_from_db()
    assert application.status == "eligible"


def test_decision_is_taken_from_the_forms_of_the_pages_and_looked_at_twice(staff, mailoutbox):
    """A key is used up by what is carried out, not by a mail that is looked at."""
    fine, client = SubmittedApplicationFactory(), staff()
    small = SubmittedApplicationFactory(lead={"population": 50_946})
    sent = {FIELD: new_key(client.session["_auth_user_id"])}

    done = client.post(
        at("staff_decide_eligibility", fine), {**sent, **seen(fine), "eligible": "yes"}
    )
    fine.refresh_from_db()
    assert (done.status_code, fine.status) == (302, "eligible")

    address = at("staff_decide_eligibility", small)
    refusal = {**sent, **seen(small), "eligible": "no", "reason": "Small."}
    for _time in range(2):
        assert "50,946 declared" in text(client.post(address, refusal))
        assert TAKEN_COOKIE not in client.post(address, refusal).cookies
    assert client.post(address, {**refusal, "confirm": "1"}).status_code == 302
    assert len(mailoutbox) == 2  # Both contacts, once each.


def test_eligible_is_refused_by_name(staff):
    application = SubmittedApplicationFactory(lead={"population": 50_946})
    address = at("staff_decide_eligibility", application)
    response = staff().post(address, {"eligible": "yes"} | seen(application))
    assert response.status_code == 422
    assert "failed and not waived: More than 100,000 inhabitants" in text(response)


def test_not_eligible_shows_the_mail_before_it_is_sent(staff, mailoutbox):
    application = SubmittedApplicationFactory(lead={"population": 50_946})
    client = staff()
    url, data = at("staff_decide_eligibility", application), {"eligible": "no", "reason": "Small."}
    data |= seen(application)
    words = text(client.post(url, data))
    assert "is not eligible" in words
    assert "50,946 declared" in words
    assert mailoutbox == []
    client.post(url, {**data, "confirm": "1"})
    application.refresh_from_db()
    assert application.status == "ineligible"
    assert len(mailoutbox) == 2


def test_not_eligible_is_offered_only_while_a_criterion_fails(staff, mailoutbox):
    fine, client = SubmittedApplicationFactory(), staff()
    small = SubmittedApplicationFactory(lead={"population": 50_946})
    for application, is_offered in ((fine, False), (small, True)):
        address = at("staff_decide_eligibility", application)
        workbench = client.get(at("staff_detail", application) + "?tab=eligibility")
        assert (f"{address}?eligible=no" in workbench.content.decode()) is is_offered
        assert ('value="no"' in client.get(address).content.decode()) is is_offered
    address, data = at("staff_decide_eligibility", fine), {"eligible": "no", "reason": "No."}
    for sent in (data, data | {"confirm": "1"}):
        response = client.post(address, sent)
        assert response.status_code == 422
        assert "No criterion fails, so the application cannot be refused" in text(response)
        assert "does not meet:" not in text(response)
    assert mailoutbox == []


def test_refusal_is_taken_back_with_a_mail_to_be_looked_at(staff, mailoutbox):
    application = SubmittedApplicationFactory(lead={"population": 50_946})
    client = staff()
    address = at("staff_decide_eligibility", application)
    refusal = {"eligible": "no", "reason": "Small.", "confirm": "1"}
    client.post(address, refusal | seen(application))
    ruling = {"criterion": "population", "ruling": "waive", "reason": "Visitors."}
    client.post(at("staff_rule", application), ruling | seen(application))
    mailoutbox.clear()
    assert 'value="no"' not in client.get(address).content.decode()
    preview = text(client.post(address, {"eligible": "yes"}))
    assert "is eligible after all" in preview
    assert mailoutbox == []
    confirmed = {"eligible": "yes", "confirm": "1"} | seen(application)
    page = text(client.post(address, confirmed, follow=True))
    assert "is eligible. The applicant gets the mail." in page
    assert len(mailoutbox) == 2


def test_not_eligible_needs_a_reason(staff):
    application = SubmittedApplicationFactory(lead={"population": 50_946})
    client, address = staff(), at("staff_decide_eligibility", application)
    assert '<span class="optional">' not in text(client.get(address)).split("<main")[1]
    response = client.post(address, {"eligible": "no"})
    assert "the applicant reads it in the mail" in text(response)


def test_every_decision_stays_on_the_page(staff):
    application = EligibleApplicationFactory()
    client = staff()
    for outcome, reason in (("reserve", "The theme is full."), ("accepted", "A place is free.")):
        decide_application(
            application=application, outcome=outcome, reason=reason, by=CoordinatorFactory()
        )
    words = text(client.get(at("staff_detail", application)))
    assert words.index("A place is free.") < words.index("The theme is full.")


def test_assessor_is_assigned_and_taken_off(staff):
    application, assessor = EligibleApplicationFactory(), AssessorFactory()
    client = staff()
    url = at("staff_assign", application)
    assert client.post(url, {"assessor": assessor.pk}).url == at("staff_detail", application)
    assert application.assignments.get().assessor == assessor
    client.post(url, {"remove": assessor.pk})
    assert not application.assignments.exists()
    client.post(url, {"remove": "nonsense"})
    refused = client.post(url, {"assessor": ""})
    assert refused.status_code == 422
    assert "Choose an assessor." in text(refused)
    assert "<title>Error: " in text(refused)


def test_unknown_reference_and_drafts_are_not_found(staff):
    draft = ApplicationFactory()
    client = staff()
    for reference in ("C2C-0", draft.draft_key):
        url = reverse("applications:staff_detail", args=[reference])
        assert client.get(url).status_code == 404


@pytest.mark.parametrize(
    ("role", "to_check", "to_decide"),
    [
        (CoordinatorFactory, "Next: decide eligibility", "Next: prepare the outcome"),
        (ObserverFactory, "Waits for the eligibility check", "Waits for the decision"),
    ],
)
def test_next_step_is_told_to_who_may_take_it(role, to_check, to_decide, sign_in, settings):
    settings.DEMO = True  # spares staff the second factor
    client = sign_in(role())
    for factory, words in (
        (SubmittedApplicationFactory, to_check),
        (EligibleApplicationFactory, to_decide),
    ):
        assert words in text(client.get(at("staff_detail", factory())))
