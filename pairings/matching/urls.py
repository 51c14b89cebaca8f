"""Addresses of the recommender: its runs, and its board."""

from django.urls import path

from pairings.matching.views import board, fairness, pairs, runs

app_name = "matching"

_CALL = "staff/matching/<slug:slug>"
_RUN = f"{_CALL}/runs/<int:number>"

urlpatterns = [
    path("staff/matching/", runs.calls, name="calls"),
    path(f"{_CALL}/", board.board, name="board"),
    path(f"{_CALL}/change/", board.change, name="change"),
    path(f"{_CALL}/rules/", board.rules, name="rules"),
    path(f"{_CALL}/confirm/", pairs.confirm, name="confirm"),
    path(f"{_CALL}/pairs/<slug:left>/<slug:right>/", pairs.pair, name="pair"),
    path(f"{_CALL}/runs/", runs.runs, name="runs"),
    path(f"{_RUN}/", runs.run, name="run"),
    path(f"{_RUN}/file/", runs.file, name="file"),
    path(f"{_RUN}/board/", runs.put, name="put"),
    path(f"{_RUN}/fairness/", fairness.work_out, name="work_out"),
    path(f"{_CALL}/fairness/", fairness.fairness, name="fairness"),
    path(f"{_CALL}/compare/", runs.side_by_side, name="compare"),
]
