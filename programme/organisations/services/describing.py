"""What a city says of itself: what kind of city it is, in which languages it works."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.kit.writes import lock, require, require_version
from core.trail.services import record_event
from programme.models import Language, Tag
from programme.organisations.models import Organisation


@transaction.atomic
def describe_organisation(
    *,
    organisation: Organisation,
    tags: Iterable[Tag],
    languages: Iterable[Language],
    read_version: int,
    by: User,
) -> Organisation:
    """Save the tags and the languages of an organisation; the trail keeps what they became.

    Raises NotAllowedError for who does not write for it, StaleError with what is stored when
    somebody saved in between.
    """
    organisation = lock(organisation)
    require(
        by,
        "organisations.describe_organisation",
        organisation,
        otherwise=_("Only a lead or editor of %(name)s can describe it. Ask one of them.")
        % {"name": organisation.name},
    )
    wanted_tags, wanted_languages = set(tags), set(languages)
    stored = (set(organisation.tags.all()), set(organisation.languages.all()))
    if (wanted_tags, wanted_languages) == stored:
        return organisation
    require_version(organisation.description_version, read_version, current=stored)
    organisation.tags.set(wanted_tags)
    organisation.languages.set(wanted_languages)
    organisation.description_version += 1
    organisation.save(update_fields=["description_version"])
    record_event(
        verb="organisation.described",
        target=organisation,
        by=by,
        details={
            "tags": ", ".join(map(str, organisation.tags.all())),
            "languages": ", ".join(map(str, organisation.languages.all())),
        },
    )
    return organisation
