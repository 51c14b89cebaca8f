"""What every write begins with."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from core.kit.errors import InvalidError, NotAllowedError, StaleError
from core.kit.people import remember, remembered
from core.kit.writes import REASON_LIMIT, clean_reason, clean_text, lock, require, require_version
from tests.factories.accounts import CoordinatorFactory, UserFactory


class Somebody:
    def __init__(self, *rights):
        self.rights = rights

    def has_perm(self, permission, target=None):
        return (permission, target) in self.rights


def test_require_lets_in_who_has_the_right_on_the_object():
    require(Somebody(("x.edit", "this")), "x.edit", "this", otherwise="Ask a lead.")


@pytest.mark.parametrize("by", [Somebody(), Somebody(("x.edit", None)), AnonymousUser()])
def test_require_refuses_others_with_its_sentence(by):
    with pytest.raises(NotAllowedError) as refused:
        require(by, "x.edit", "this", otherwise=_("Ask a lead."))
    assert str(refused.value) == "Ask a lead."


def test_require_reads_anew_what_is_remembered_of_a_person():
    person = SimpleLazyObject(lambda: Somebody(("x.edit", "this")))
    remember(person, "roles", {17: "lead"})
    remember(person, "desk", {"IN": "India"})
    assert remembered(person, "roles") == {17: "lead"}

    require(person, "x.edit", "this", otherwise="Ask a lead.")

    assert remembered(person, "roles") is None
    assert remembered(person, "desk") is None


@pytest.mark.django_db
def test_lock_reads_again():
    person = CoordinatorFactory(full_name="Ana")
    type(person).objects.filter(pk=person.pk).update(full_name="Ana K")
    assert lock(person).full_name == "Ana K"
    assert lock(SimpleLazyObject(lambda: person)).full_name == "Ana K"


@pytest.mark.django_db
def test_lock_of_what_is_gone_says_so():
    person = UserFactory()
    type(person).objects.filter(pk=person.pk).delete()
    with pytest.raises(type(person).DoesNotExist):
        lock(person)


def test_version_that_was_read_last_passes():
    require_version(3, 3)


@pytest.mark.parametrize("read", [0, 2, 4])
def test_other_version_is_stale_and_names_what_is_stored(read):
    with pytest.raises(StaleError) as stale:
        require_version(3, read, current={"name": "x"}, otherwise="Compare.")
    assert (stale.value.version, stale.value.current) == (3, {"name": "x"})
    assert str(stale.value) == "Compare."


def test_stale_page_without_words_of_its_own_says_what_to_do():
    with pytest.raises(StaleError, match="Compare both versions"):
        require_version(3, 2)


def test_reason_is_cleaned():
    assert clean_reason(" a\u200b\r\nb ", missing="Write it.") == "a\nb"


@pytest.mark.parametrize("value", ["", "  ", "\u200b\n"])
def test_reason_left_out_is_refused_with_its_sentence_at_its_field(value):
    with pytest.raises(InvalidError, match="Write it.") as refused:
        clean_reason(value, missing="Write it.")
    assert refused.value.field == "reason"


def test_reason_nobody_asks_for_may_be_left_out():
    assert clean_reason("  ") == ""


def test_text_has_a_limit():
    assert clean_text("x" * REASON_LIMIT, field="reason", limit=REASON_LIMIT)
    with pytest.raises(InvalidError, match="at most 3000 characters; you have 3001") as refused:
        clean_text("x" * (REASON_LIMIT + 1), field="why", limit=REASON_LIMIT)
    assert refused.value.field == "why"
