import threading

import pytest
from django.db import connection

from core.kit.errors import StaleError
from questionnaires.models import Answer, AnswerRevision
from questionnaires.services import save_answer
from tests.factories.questionnaires import ResponseFactory


def race(response, texts, read_version):
    """Save the texts at once, all from the same version; return winners and conflicts."""
    start, results = threading.Barrier(len(texts)), []

    def write(text):
        try:
            start.wait(timeout=10)
            answer = save_answer(
                response=response,
                question_key="why",
                value=text,
                read_version=read_version,
                by=None,
            )
            results.append(("saved", text, answer.version))
        except StaleError as conflict:
            results.append(("conflict", text, conflict.current))
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=[text]) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert len(results) == len(texts)
    return (
        [r for r in results if r[0] == "saved"],
        [r for r in results if r[0] == "conflict"],
    )


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_saves_from_the_same_version_one_wins_and_nothing_is_lost():
    response = ResponseFactory()
    won, lost = race(response, ["Mine", "Yours"], 0)
    assert [(len(won), len(lost))] == [(1, 1)]
    assert lost[0][2] == won[0][1]
    # The loser sees both texts and merges them.
    merged = f"{won[0][1]} and {lost[0][1]}"
    save_answer(response=response, question_key="why", value=merged, read_version=1, by=None)
    history = AnswerRevision.objects.order_by("version").values_list("value", flat=True)
    assert list(history) == [won[0][1], merged]
    assert Answer.objects.get().version == 2


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_eight_saves_from_a_later_version_one_wins():
    response = ResponseFactory()
    save_answer(response=response, question_key="why", value="First", read_version=0, by=None)
    won, lost = race(response, [f"Text {n}" for n in range(8)], 1)
    assert [(len(won), len(lost))] == [(1, 7)]
    assert {text for _kind, _mine, text in lost} == {won[0][1]}
    assert Answer.objects.get().version == 2
