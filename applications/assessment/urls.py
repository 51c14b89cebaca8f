"""Addresses of the assessment: scoring, agreeing, ranking and letters."""

from django.urls import path

from applications.assessment.views import (
    agreeing,
    corrections,
    dossiers,
    interests,
    letters,
    mine,
    outcomes,
    paragraphs,
    places,
    planning,
    ranking,
    releases,
    scoring,
)

app_name = "assessment"

_OF_CALL, _OF_APPLICATION = "staff/calls/<slug:slug>", "staff/applications/<str:reference>"

urlpatterns = [
    path("staff/ranking/", outcomes.calls, name="calls"),
    path(f"{_OF_CALL}/ranking/", ranking.ranking, name="ranking"),
    path(f"{_OF_CALL}/line/", ranking.from_line, name="from_line"),
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
    path("staff/dossiers/", dossiers.dossiers, name="dossiers"),
    path("applications/<str:key>/place/", places.give_up, name="give_up"),
    path(f"{_OF_APPLICATION}/place/", places.give_up_for, name="give_up_for"),
    path(f"{_OF_CALL}/reserve/", places.reserve, name="reserve"),
    path("staff/places/<int:pk>/fill/", places.fill, name="place_fill"),
    path("staff/places/<int:pk>/empty/", places.close, name="place_close"),
    path("staff/places/<int:pk>/again/", places.reopen, name="place_reopen"),
    path("staff/assessments/", mine.mine, name="mine"),
    path("staff/assessments/expertise/", planning.expertise, name="expertise"),
    path("staff/calls/<slug:slug>/assessment/", planning.plan, name="plan"),
    path(f"{_OF_CALL}/assessment/close/", planning.plan_close, name="plan_close"),
    path(f"{_OF_CALL}/assessment/reopen/", planning.plan_reopen, name="plan_reopen"),
    path(f"{_OF_CALL}/assessment/scale/", planning.calibration, name="calibration"),
    path("staff/calls/<slug:slug>/assessment/readers/", planning.assign, name="assign"),
    path("staff/calls/<slug:slug>/links/", interests.interests, name="interests"),
    path("staff/applications/<str:reference>/link/", interests.link, name="link"),
    path("staff/applications/<str:reference>/scores/", scoring.score, name="score"),
    path("staff/applications/<str:reference>/scores/hand-in/", scoring.hand_in, name="hand_in"),
    path(f"{_OF_APPLICATION}/scores/hand-in/draft/", scoring.overall_save, name="overall_save"),
    path("staff/applications/<str:reference>/scores/abstain/", scoring.abstain, name="abstain"),
    path(
        "staff/applications/<str:reference>/scores/<int:pk>/reopen/",
        scoring.reopen,
        name="reopen",
    ),
    path("staff/applications/<str:reference>/talk/", agreeing.consensus, name="consensus"),
    path("staff/applications/<str:reference>/talk/agree/", agreeing.agree, name="agree"),
    path(
        "staff/applications/<str:reference>/scores/<slug:key>/",
        scoring.score_save,
        name="score_save",
    ),
    path("staff/links/<int:pk>/lift/", interests.lift, name="lift"),
]
