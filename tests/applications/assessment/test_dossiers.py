"""Dossiers: one PDF for each application, with its files, zipped."""

import io
from zipfile import ZipFile

import pytest
from allauth.mfa.models import Authenticator
from django.core.files.storage import default_storage
from django.urls import reverse
from pypdf import PdfReader

from applications.assessment.exports import DOSSIERS
from core.jobs.models import Job
from core.jobs.services import run_job, start_job
from core.jobs.states import JobState
from tests.factories.accounts import CoordinatorFactory, DeskFactory, ObserverFactory
from tests.factories.applications import (
    CommitmentFactory,
    ConflictFactory,
    EligibleApplicationFactory,
    MunicipalityFactory,
    SubmittedApplicationFactory,
)
from tests.factories.assessment import HandedInFactory, ScoreFactory
from tests.factories.outcomes import OutcomeFactory
from tests.factories.programme import PartnerCountryFactory

pytestmark = pytest.mark.django_db


def packed(ids, by):
    job = start_job(kind=DOSSIERS, params={"ids": ids}, by=by)
    run_job(pk=job.pk)
    job.refresh_from_db()
    assert job.state == JobState.DONE, job.message
    with default_storage.open(job.result.path) as content:
        return ZipFile(io.BytesIO(content.read())), job


def words(archive, name):
    pages = PdfReader(io.BytesIO(archive.read(name))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_dossier_has_what_was_sent_the_scores_and_the_files():
    application = EligibleApplicationFactory(organisation__name="Łódź")
    member = MunicipalityFactory(application=application)
    file = CommitmentFactory(municipality=member).file
    handed = HandedInFactory(
        assignment__application=application, assignment__assessor__full_name="Ana Šimić"
    )
    ScoreFactory(assessment=handed, sentence="Clear and costed.")

    archive, job = packed([application.pk], CoordinatorFactory())

    paper, copy = archive.namelist()
    assert paper == f"{application.reference}/{application.reference}.pdf"
    assert copy == f"{application.reference}/files/01-{file.name}"
    with default_storage.open(file.path) as content:
        assert archive.read(copy) == content.read()
    text = words(archive, paper)
    assert "Application of Łódź" in text
    assert "Assessment of Ana Šimić" in text
    assert "Clear and costed." in text
    assert file.sha256[:20] in text.replace(" ", "")
    assert job.message == "1 dossier"


def test_paper_of_a_dossier_is_tagged():
    application = EligibleApplicationFactory()
    archive, _job = packed([application.pk], CoordinatorFactory())
    reader = PdfReader(io.BytesIO(archive.read(archive.namelist()[0])))
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]


def test_what_is_only_prepared_stands_in_no_dossier():
    row = OutcomeFactory(reason="A secret for now.")
    archive, _job = packed([row.application_id], CoordinatorFactory())
    assert "A secret for now." not in words(archive, archive.namelist()[0])


def test_desk_gets_no_dossier_of_another_region():
    india, japan = PartnerCountryFactory(), PartnerCountryFactory(code="JP", name="Japan")
    theirs = SubmittedApplicationFactory(partner_countries=[india])
    others = SubmittedApplicationFactory(partner_countries=[japan])
    archive, _job = packed([theirs.pk, others.pk], DeskFactory(countries=[india]))
    assert {name.split("/")[0] for name in archive.namelist()} == {theirs.reference}


def test_who_has_a_link_gets_no_dossier_of_it():
    by = CoordinatorFactory()
    application = EligibleApplicationFactory()
    ConflictFactory(application=application, person=by)
    job = start_job(kind=DOSSIERS, params={"ids": [application.pk]}, by=by)
    run_job(pk=job.pk)
    job.refresh_from_db()
    assert (job.state, job.result) == (JobState.FAILED, None)


def test_file_that_was_lost_is_named_and_the_dossier_made():
    application = SubmittedApplicationFactory()
    file = CommitmentFactory(municipality=MunicipalityFactory(application=application)).file
    default_storage.delete(file.path)
    archive, _job = packed([application.pk], ObserverFactory())
    [paper] = archive.namelist()
    assert "Not in the folder" in words(archive, paper)


def test_dossiers_too_large_for_one_file_are_refused(monkeypatch):
    application = SubmittedApplicationFactory()
    monkeypatch.setattr("applications.assessment.jobs.LARGEST_RESULT", 10)
    job = start_job(kind=DOSSIERS, params={"ids": [application.pk]}, by=CoordinatorFactory())
    run_job(pk=job.pk)
    job.refresh_from_db()
    assert (job.state, "Choose fewer" in job.message) == (JobState.FAILED, True)


def test_dossiers_of_what_is_chosen_begin_on_request(sign_in):
    first, _second = SubmittedApplicationFactory.create_batch(2)
    by = ObserverFactory()
    Authenticator.objects.create(user=by, type=Authenticator.Type.TOTP, data={"secret": ""})
    client = sign_in(by)
    client.post(reverse("assessment:dossiers") + f"?id={first.pk}")
    job = Job.objects.get()
    assert job.params["ids"] == [first.pk]
    run_job(pk=job.pk)
    address = reverse("jobs:result", args=[job.key])
    assert client.get(address).status_code == 200
    # What is kept from its reader since is handed out no more.
    ConflictFactory(application=first, person=by)
    assert client.get(address).status_code == 403
