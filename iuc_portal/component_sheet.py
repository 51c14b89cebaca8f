"""Examples for the staff page that shows every component in every state. Nothing here is real."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from re import findall
from typing import Any

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.files.models import StoredFile
from core.files.states import Scan
from core.jobs.models import Job
from core.jobs.states import JobState
from core.kit import days
from core.kit.comparing import TwoTexts
from core.kit.fields import DayField
from core.kit.unsent import Unsent

THEMES = [
    ("mobility", gettext_lazy("Urban mobility")),
    ("water", gettext_lazy("Water and waste")),
    ("energy", gettext_lazy("Energy")),
]
APPLICANTS = [
    ("city", gettext_lazy("One city")),
    ("group", gettext_lazy("A group of municipalities")),
]


@dataclass(frozen=True)
class ExamplePerson:
    """Stands in for a user."""

    full_name: str
    initials: str

    def __str__(self) -> str:
        return self.full_name


class ExampleForm(forms.Form):
    """A field of every kind."""

    name = forms.CharField(
        label=gettext_lazy("Official name of the city"),
        help_text=gettext_lazy("As it would stand in the Partnership Agreement."),
    )
    population = forms.IntegerField(
        label=gettext_lazy("Inhabitants"),
        help_text=gettext_lazy("Latest official figure."),
        error_messages={
            "invalid": gettext_lazy("Enter the population as a number, for example 41 500.")
        },
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    department = forms.ChoiceField(
        label=gettext_lazy("Lead department"),
        required=False,
        choices=[("", gettext_lazy("Choose a department")), ("plan", gettext_lazy("Planning"))],
    )
    date = DayField(label=gettext_lazy("Date of signature"), required=False)
    problem = forms.CharField(
        label=gettext_lazy("What problem do you want to work on?"),
        help_text=gettext_lazy("Two or three sentences."),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    applicant = forms.ChoiceField(
        label=gettext_lazy("Who applies?"),
        choices=APPLICANTS,
        widget=forms.RadioSelect(attrs={"data-cards": True}),
    )
    themes = forms.MultipleChoiceField(
        label=gettext_lazy("Themes"),
        help_text=gettext_lazy("Up to three."),
        choices=THEMES,
        widget=forms.CheckboxSelectMultiple,
    )
    letter = forms.FileField(label=gettext_lazy("Letter of commitment"), required=False)
    agreed = forms.BooleanField(label=gettext_lazy("We will sign a Partnership Agreement"))


class ExampleFilter(forms.Form):
    """A filter bar."""

    q = forms.CharField(label=gettext_lazy("Applicant, reference or person"), required=False)
    theme = forms.ChoiceField(
        label=gettext_lazy("Theme"),
        required=False,
        choices=[("", gettext_lazy("All themes")), *THEMES],
    )


class ExampleReason(forms.Form):
    """What a step that cannot be undone asks for."""

    reason = forms.CharField(
        label=gettext_lazy("Why?"),
        help_text=gettext_lazy("The other city reads this."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
    )


def colour_names() -> list[str]:
    """Return the colours of the swatches, as the sheet's own style names them."""
    sheet = Path(settings.BASE_DIR) / "static" / "css" / "staff" / "component-sheet.css"
    return findall(r"\.swatch-([a-z0-9-]+)", sheet.read_text())


def icon_names() -> list[str]:
    """Return every icon there is, as the sheet of symbols holds them."""
    sheet = Path(settings.BASE_DIR) / "static" / "img" / "icons.svg"
    return findall(r'id="i-([a-z-]+)"', sheet.read_text())


def _pairing() -> dict[str, Any]:
    dubrovnik = {"name": "Dubrovnik + Župa Dubrovačka", "place": _("Croatia")}
    panaji = {"name": "Panaji", "place": _("India"), "partner": True}
    return {
        "two": [dubrovnik, panaji],
        "three": [
            {"name": "Bologna", "place": _("Italy")},
            {"name": "Zaragoza", "place": _("Spain")},
            {"name": "Austin", "place": _("United States"), "partner": True},
        ],
    }


def _lists() -> dict[str, Any]:
    return {
        "timeline": [
            {"date": "12 Oct", "title": _("Call opens"), "state": "done"},
            {"date": "12 Dec", "title": _("Applications close"), "state": "now"},
            {"date": "Feb", "title": _("Cities chosen"), "text": _("A line of text, if needed.")},
            {"date": "Mar", "title": _("Agreement signed")},
        ],
        "segments": [{"mark": mark} for mark in ("done", "waiting", "progress", "none")],
        "steps": [
            {"label": _("Your city"), "url": "#main", "state": "done"},
            {"label": _("Challenges"), "url": "#main", "state": "done"},
            {"label": _("Partnership"), "state": "current"},
            {"label": _("Documents")},
            {"label": _("Check and send")},
        ],
        "stats": [
            {"label": _("Applications"), "value": 48},
            {"label": _("To check"), "value": 12, "url": "#main"},
            {"label": _("Complete"), "value": 31, "note": _("3 since yesterday")},
            {"label": _("Days left"), "value": 21},
        ],
        "facts": [
            (_("Strand"), _("City-to-city")),
            (_("Duration"), _("18 months")),
            (_("Waiver"), ""),
        ],
        "files": [
            {
                "name": _("Guidance for applicants"),
                "url": "#main",
                "note": "PDF, 420 kB",
                "tag": "v2",
            },
            {"name": _("Model Partnership Agreement"), "note": "DOCX, 88 kB"},
        ],
        "consequences": [
            _("The other city is told at once."),
            _("The coordination unit looks for another partner."),
        ],
    }


def _jobs() -> list[Job]:
    """Return finished jobs only: the page of one that runs asks for its progress."""
    return [
        Job(
            state=JobState.DONE,
            message=_("31 applications"),
            result=StoredFile(name="applications-2026-11-26.xlsx", size=48_200),
        ),
        Job(
            state=JobState.FAILED,
            message=_("The work broke off and we have been told. Try again in a few minutes."),
        ),
    ]


def context(request: HttpRequest) -> dict[str, Any]:
    """Return the examples, with forms empty and failed."""
    now = days.now()
    wrong = ExampleForm({"name": "Općina Župa dubrovačka", "population": "about 40k"})
    return {
        "colours": colour_names(),
        "icons": icon_names(),
        "tones": ["", "info", "progress", "success", "warning", "danger", "gold", "plain"],
        "kinds": ["info", "success", "warning", "danger"],
        "person": ExamplePerson("Ana Kovačević", "AK"),
        "pairing": _pairing(),
        "empty_form": ExampleForm(auto_id="empty_%s"),
        "failed_form": wrong,
        "typed": [
            TwoTexts(
                _("Why?"),
                _("The harbour is full from May to September. We agreed on two ships a day."),
                _("The harbour is full from June to September."),
            ),
            TwoTexts(_("Where?"), _("The old port"), _("The old port")),
        ],
        "unsent": Unsent(
            reverse("portal:components"),
            reverse("portal:components"),
            [(_("Why?"), [_("The harbour is full from May to September.")])],
            has_file=True,
            at="14:32",
        ),
        "filter_form": ExampleFilter(auto_id="filter_%s"),
        "reason_form": ExampleReason(auto_id="reason_%s"),
        "staff_form": ExampleReason(auto_id="staff_%s"),
        "deadline_far": now + dt.timedelta(days=21, hours=3),
        "deadline_near": now + dt.timedelta(hours=5, minutes=12),
        "deadline_over": now - dt.timedelta(days=1),
        "jobs": _jobs(),
        "signed": StoredFile(
            scan=Scan.REFUSED,
            signatures=[
                {
                    "name": "Mato Franković",
                    "organisation": "Grad Dubrovnik",
                    "at": "2026-11-20T09:12:00+00:00",
                    "issuer": "Fina RDC",
                    "state": "changed",
                }
            ],
        ),
        "page": Paginator(range(480), 25).get_page(request.GET.get("page", 9)),
        **_lists(),
    }
