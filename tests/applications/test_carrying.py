"""Bringing all that was written from one application into another."""

import pytest
from django.utils import timezone

from applications.models import (
    Application,
    Commitment,
    EarlierCooperation,
    Profile,
    SupportLetter,
)
from applications.services.carrying import carry_over
from applications.snapshots import snapshot_of
from applications.states import ApplicantKind
from core.files.models import StoredFile
from core.files.services import atomic_with_files
from questionnaires.models import Answer
from questionnaires.services import save_answers
from tests.factories.applications import (
    ApplicationFactory,
    CommitmentFactory,
    GroupApplicationFactory,
    MunicipalityFactory,
    OnlineCommitmentFactory,
    OnlineLetterFactory,
    StakeholderFactory,
    SupportLetterFactory,
    WishFactory,
)
from tests.factories.programme import CountryFactory, ThemeFactory
from tests.factories.questionnaires import ResponseFactory

pytestmark = pytest.mark.django_db

# What belongs to one application alone: proofs, and what staff did with it.
STAYS = {
    "Agreed",
    "Assignment",
    "BulkRow",
    "CaseOwner",
    "Clarification",
    "Conflict",
    "Correction",
    "CriterionRuling",
    "Decision",
    "FirstCheck",
    "FreePlace",
    "LeadOffer",
    "Note",
    "Outcome",
    "Seen",
    "Submission",
    "Tagging",
}
# What `CARRIED` brings along; a model that is in neither set is lost when a city starts again.
CARRIED = {
    "ApplicationDocument",
    "Municipality",
    "Stakeholder",
    "Profile",
    "Challenge",
    "Wish",
    "EarlierCooperation",
}


def fresh(application):
    return Application.objects.get(pk=application.pk)


def content(application):
    """Return what an application says, without what is about its sending."""
    snapshot = snapshot_of(fresh(application))
    return {key: snapshot[key] for key in snapshot.keys() - {"reference", "organisation", "call"}}


@atomic_with_files()
def carry(old, new):
    carry_over(fresh(old), fresh(new))


@pytest.fixture
def full():
    """A group that has written everything there is."""
    application = ApplicationFactory(
        kind=ApplicantKind.GROUP,
        contact_position="Head of unit",
        signatory_office="Mayor",
        exception_reason="Many visitors.",
        themes=[ThemeFactory()],
        partner_countries=[CountryFactory()],
    )
    CommitmentFactory(
        municipality=MunicipalityFactory(
            application=application, country=application.organisation.country, name="Nin"
        )
    )
    SupportLetterFactory(stakeholder=StakeholderFactory(application=application, name="County"))
    save_answers(
        response=application.response, answers=[("why", "Because.", 0), ("where", "Here.", 0)],
        by=None,
    )  # fmt: skip
    Profile.objects.create(application=application, population_from=5_000, kinds=["group"])
    WishFactory(application=application, reason="A port.")
    EarlierCooperation.objects.create(application=application, partner="Kochi", years="2017")
    return application


@pytest.fixture
def empty(full):
    """Another application to the same call, with the same questions."""
    return ApplicationFactory(
        call=full.call, response=ResponseFactory(version=full.response.version)
    )


def test_all_that_was_written_is_carried(full, empty):
    before = content(full)
    carry(full, empty)
    assert content(empty) == before == content(full)


def test_carrying_again_brings_changes_and_removals(full, empty):
    carry(full, empty)
    lead, member = full.municipalities.all()
    member.delete()
    lead.population = 130_000
    lead.save()
    answer = Answer.objects.get(response=full.response, question__key="why")
    save_answers(response=full.response, answers=[("why", "", answer.version)], by=None)
    Application.objects.filter(pk=full.pk).update(kind=ApplicantKind.SINGLE)
    carry(full, empty)
    assert content(empty) == content(full)
    assert empty.municipalities.get().population == 130_000


def test_nothing_changed_keeps_rows_and_letters(full, empty):
    carry(full, empty)
    rows = list(empty.municipalities.values_list("pk", "commitment__pk"))
    letters = list(empty.stakeholders.values_list("pk", "letter__pk"))
    files = StoredFile.objects.count()
    carry(full, empty)
    assert list(empty.municipalities.values_list("pk", "commitment__pk")) == rows
    assert list(empty.stakeholders.values_list("pk", "letter__pk")) == letters
    assert StoredFile.objects.count() == files


def test_letter_is_a_file_of_its_own(full, empty):
    carry(full, empty)
    [theirs] = [m.commitment.file for m in full.municipalities.filter(is_lead=False)]
    [mine] = [m.commitment.file for m in empty.municipalities.filter(is_lead=False)]
    assert (mine.sha256, mine.name, mine.at) == (theirs.sha256, theirs.name, theirs.at)
    assert mine.key != theirs.key


def test_history_of_the_answers_stays(full, empty):
    save_answers(response=empty.response, answers=[("why", "Before.", 0)], by=None)
    carry(full, empty)
    answer = Answer.objects.get(response=empty.response, question__key="why")
    assert [row.value for row in answer.revisions.all()] == ["Because.", "Before."]


def test_lead_moves_along(full, empty):
    carry(full, empty)
    full.municipalities.update(is_lead=False)
    full.municipalities.filter(name="Nin").update(is_lead=True)
    carry(full, empty)
    assert empty.municipalities.get(is_lead=True).name == "Nin"


def test_answers_to_other_questions_stay_behind(full):
    other = ApplicationFactory(call=full.call)
    question = other.response.version.sections.first().questions.first()
    question.kind, question.limit = "number", None
    question.save()
    carry(full, other)
    answer = Answer.objects.get(response=other.response, question=question)
    assert answer.value == "Because."
    assert answer.is_wrong


def test_every_model_of_an_application_is_carried_or_stays():
    relations = Application._meta.related_objects
    names = {one.related_model.__name__ for one in relations} - {"Application"}
    ours = {name for name in names if name not in {"Pairing", "PairingMember"}}
    assert ours <= STAYS | CARRIED, "Add what is new to applications/services/carrying.py."


@pytest.mark.parametrize(("same_call", "kept"), [(True, 1), (False, 0)])
def test_word_given_online_counts_for_its_call_alone(same_call, kept):
    old = GroupApplicationFactory()
    member = MunicipalityFactory(application=old, name="Nin")
    OnlineCommitmentFactory(municipality=member, verdict="accepted")
    new = ApplicationFactory(**({"call": old.call} if same_call else {}))
    carry(old, new)
    found = Commitment.objects.filter(municipality__application=new)
    assert found.count() == kept
    assert all(one.verdict == "accepted" for one in found)


def test_word_given_online_is_over_once_the_application_was_withdrawn():
    """Its giver was told that it binds nobody any more."""
    old = GroupApplicationFactory()
    OnlineCommitmentFactory(municipality=MunicipalityFactory(application=old, name="Nin"))
    OnlineLetterFactory(stakeholder__application=old, stakeholder__name="County")
    Application.objects.filter(pk=old.pk).update(status="withdrawn")
    new = ApplicationFactory(call=old.call)
    carry(Application.objects.get(pk=old.pk), new)
    assert not Commitment.objects.filter(municipality__application=new).exists()
    assert not SupportLetter.objects.filter(stakeholder__application=new).exists()


def test_letter_is_opened_anew_for_another_call(full):
    Commitment.objects.update(verdict="accepted", verdict_at=timezone.now())
    new = ApplicationFactory()
    carry(full, new)
    carried = Commitment.objects.get(municipality__application=new)
    assert (carried.verdict, carried.verdict_at) == ("waiting", None)


@pytest.mark.parametrize(("same_call", "kept"), [(True, 1), (False, 0)])
def test_letter_written_online_counts_for_its_call_alone(same_call, kept):
    old = ApplicationFactory()
    OnlineLetterFactory(stakeholder__application=old, stakeholder__name="County")
    new = ApplicationFactory(**({"call": old.call} if same_call else {}))
    carry(old, new)
    assert new.stakeholders.filter(name="County").exists()
    assert SupportLetter.objects.filter(stakeholder__application=new).count() == kept


def test_stakeholder_taken_out_goes_with_its_letter(full, empty):
    carry(full, empty)
    files = StoredFile.objects.count()
    full.stakeholders.filter(name="County").delete()
    carry(full, empty)
    assert not empty.stakeholders.filter(name="County").exists()
    assert StoredFile.objects.count() == files - 1
