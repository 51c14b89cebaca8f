"""The programme's own questionnaires, from the files in questionnaires/data."""

import json
from pathlib import Path
from typing import Any

from django.db import transaction

from questionnaires.models import Question, Section, Template, TemplateVersion
from questionnaires.services.versions import publish_version

DATA = Path(__file__).resolve().parent.parent / "data"
FILES = (
    "local_action_plan.json",
    "application_city_to_city.json",
    "application_partner_side.json",
    "application_region.json",
    "expression_of_interest.json",
)


def load_templates() -> dict[str, TemplateVersion]:
    """Load the programme's questionnaires and publish version 1; return it per template key.

    A version that is there stays as it is, whatever the file says: coordinators edit
    questionnaires in the console from then on.
    """
    loaded = {}
    for name in FILES:
        content = json.loads((DATA / name).read_text(encoding="utf-8"))
        loaded[content["key"]] = _load(content)
    return loaded


@transaction.atomic
def _load(content: dict[str, Any]) -> TemplateVersion:
    template, _made = Template.objects.get_or_create(
        key=content["key"],
        defaults={"title": content["title"], "purpose": content["purpose"]},
    )
    version, made = TemplateVersion.objects.get_or_create(template=template, number=1)
    if not made:
        return version
    for order, part in enumerate(content["sections"], start=1):
        questions = part.pop("questions")
        section = Section.objects.create(version=version, order=order, **part)
        Question.objects.bulk_create(
            Question(section=section, order=place, **question)
            for place, question in enumerate(questions, start=1)
        )
    return publish_version(version=version, by=None)
