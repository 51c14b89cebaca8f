"""Addresses of the assessment: scoring, agreeing, ranking and letters."""

from django.urls import path

from applications.assessment.views import (
    corrections,
    letters,
    outcomes,
    paragraphs,
    ranking,
    releases,
)

app_name = "assessment"

_OF_CALL, _OF_APPLICATION = "staff/calls/<slug:slug>", "staff/applications/<str:reference>"

urlpatterns = [
    path("staff/ranking/", outcomes.calls, name="calls"),
    path(f"{_OF_CALL}/ranking/", ranking.ranking, name="ranking"),
    path(f"{_OF_CALL}/outcomes/", outcomes.prepare_several, name="prepare_several"),
    path(f"{_OF_CALL}/letters/", letters.letters, name="letters"),
    path(f"{_OF_CALL}/release/", releases.release, name="release"),
    path("staff/releases/<int:pk>/", releases.release_page, name="release_page"),
    path(f"{_OF_APPLICATION}/outcome/", outcomes.prepare, name="prepare"),
    path(f"{_OF_APPLICATION}/letter/edit/", letters.letter_edit, name="letter_edit"),
    path(f"{_OF_APPLICATION}/letter/usual/", letters.letter_usual, name="letter_usual"),
    path(f"{_OF_APPLICATION}/letter/hold/", letters.letter_hold, name="letter_hold"),
    path(f"{_OF_APPLICATION}/letter/test/", letters.letter_test, name="letter_test"),
    path(f"{_OF_CALL}/paragraphs/", paragraphs.paragraphs, name="paragraphs"),
    path(f"{_OF_CALL}/paragraphs/new/", paragraphs.paragraph, name="paragraph_new"),
    path(f"{_OF_CALL}/paragraphs/<int:pk>/", paragraphs.paragraph, name="paragraph"),
    path(f"{_OF_CALL}/paragraphs/<int:pk>/remove/", paragraphs.remove, name="paragraph_remove"),
    path(f"{_OF_APPLICATION}/correct/", corrections.correct, name="correct"),
    path("staff/corrections/<int:pk>/", corrections.correction, name="correction"),
    path("staff/corrections/<int:pk>/confirm/", corrections.confirm, name="correction_confirm"),
    path("staff/corrections/<int:pk>/discard/", corrections.discard, name="correction_discard"),
]
