"""Papers that somebody signs for an application: put on file, replaced, dropped."""

import datetime as dt
from typing import Any, TypeVar

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.models import User
from applications.models import Application, Asked, SignedPaper
from applications.selectors.partnership import files_of
from applications.services.links import end_link
from applications.services.words import end_word
from applications.states import LinkEnd
from core.files.kinds import SIGNED_PAPERS
from core.files.services import remove_file, require_room, store_file
from core.kit.clocks import today_in
from core.kit.errors import InvalidError
from core.kit.text import clean_line

Paper = TypeVar("Paper", bound=SignedPaper)


def put_on_file(
    model: type[Paper],
    asked: Asked,
    *,
    upload: Any,
    signed_by_name: str,
    signed_by_office: str,
    signed_on: dt.date,
    by: User,
) -> Paper:
    """Keep a signed letter that the city sends; an open link of who signed works no more.

    It takes the place of what was signed online: who did so is told.

    `upload` is a Django file, or one that a form holds. Raises InvalidError for a file that
    store_file refuses, and for a day that is still to come. Call it inside `atomic_with_files`,
    under the lock of the application.
    """
    if signed_on > today_in(asked.application.organisation.time_zone):
        raise InvalidError(
            _("The letter cannot be signed in the future. Check the date."),
            field="signed_on",
        )
    former = paper_of(model, asked)
    if former and former.is_online:
        end_word(former, LinkEnd.FILED)
    paper = replace_paper(
        model,
        asked,
        file=store_letter(model, asked, upload=upload, by=by),
        signed_by_name=clean_line(signed_by_name),
        signed_by_office=clean_line(signed_by_office),
        signed_on=signed_on,
    )
    end_link(asked, LinkEnd.FILED)
    return paper


def store_letter(model: type[SignedPaper], asked: Asked, *, upload: Any, by: User | None) -> Any:
    """Store a letter, if there is room for it once the former one is gone."""
    application: Application = asked.application
    former = model._default_manager.filter(**{model.whose: asked}).values("file")  # noqa: SLF001 - Django's name
    files = files_of(application).exclude(pk__in=former.filter(file__isnull=False))
    require_room(files, upload, quota=settings.APPLICATION_MAX_BYTES)
    return store_file(upload=upload, by=by, kinds=SIGNED_PAPERS)


def replace_paper(model: type[Paper], asked: Asked, **values: Any) -> Paper:
    """Put a paper in the place of a former one, whose file goes; staff open it anew.

    Call it inside `atomic_with_files`, under the lock of the application.
    """
    former = paper_of(model, asked)
    if former is not None:
        former.delete()
        # A form that was sent twice at once brings the file that is there.
        if former.file is not None and former.file != values.get("file"):
            remove_file(former.file)
    papers = model._default_manager  # noqa: SLF001 - Django's name
    return papers.create(**{model.whose: asked}, **values)


def paper_of(model: type[Paper], asked: Asked) -> Paper | None:
    """Return what is signed for somebody, which comes along with it; one query."""
    papers = model._default_manager  # noqa: SLF001 - Django's name
    found = papers.filter(**{model.whose: asked}).select_related("file").first()
    if found is not None:
        # As it is locked, and is called now.
        setattr(found, model.whose, asked)
    return found


def print_of(paper: SignedPaper) -> dict[str, str]:
    """Return what the audit trail keeps of the file of a paper; nothing where there is none."""
    return {"file": paper.file.name, "sha256": paper.file.sha256} if paper.file else {}


def drop_paper(paper: SignedPaper) -> None:
    """Delete a paper with its file."""
    paper.delete()
    if paper.file is not None:
        remove_file(paper.file)
