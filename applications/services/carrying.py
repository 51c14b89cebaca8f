"""Bringing all that was written from one application into another.

A city that starts again, or changes what it has sent, writes on in a copy; what it sends again
comes back the same way. So each function of `CARRIED` does one thing for all three: afterwards
`new` says what `old` says, and what `new` alone said is gone. `old` stays as it is.
"""

from collections.abc import Callable
from typing import Any

from django.db.models import Model, OneToOneField

from applications.models import (
    Application,
    Asked,
    Challenge,
    Commitment,
    EarlierCooperation,
    Municipality,
    SignedPaper,
    SupportLetter,
    Wish,
)
from applications.selectors.profile import profile_of
from applications.services.locking import touch
from applications.states import ApplicationStatus, CommitmentVerdict
from core.files.models import StoredFile
from core.files.services import copy_file, remove_file
from questionnaires.services import carry_answers

# The columns of the application itself that people write.
WRITTEN = (
    "kind",
    "contact_name",
    "contact_position",
    "contact_email",
    "contact_phone",
    "deputy_name",
    "deputy_position",
    "deputy_email",
    "deputy_phone",
    "signatory_name",
    "signatory_office",
    "exception_reason",
)
# What a commitment is before staff have opened it.
NOT_OPENED = {
    "verdict": CommitmentVerdict.WAITING,
    "verdict_reason": "",
    "verdict_by": None,
    "verdict_at": None,
}


def carry_over(old: Application, new: Application) -> None:
    """Let `new` say all that `old` says. Call it under the locks of both, in `atomic_with_files`.

    What the call of `new` does not offer is carried all the same: the list of tasks names it.
    """
    for carry in CARRIED:
        carry(old, new)
    touch(new)


def _carry_details(old: Application, new: Application) -> None:
    for name in WRITTEN:
        setattr(new, name, getattr(old, name))
    new.save(update_fields=WRITTEN)


def _carry_answers(old: Application, new: Application) -> None:
    if old.response and new.response:
        carry_answers(source=old.response, target=new.response)


def _carry_wishes(old: Application, new: Application) -> None:
    new.themes.set(old.themes.all())
    new.partner_countries.set(old.partner_countries.all())


def _carry_profile(old: Application, new: Application) -> None:
    theirs, mine = profile_of(old), profile_of(new)
    if theirs.pk or mine.pk:
        copy = copy_of(theirs, application=new)
        # A page of it that is open notices.
        copy.pk, copy.version = mine.pk, mine.version + 1
        copy.save()
    for model in (Challenge, Wish, EarlierCooperation):
        carry_rows(model, old, new)


def _carry_municipalities(old: Application, new: Application) -> None:
    # One leads at a time.
    new.municipalities.update(is_lead=False)
    _carry_named(old, new, "municipalities", Commitment)


def _carry_stakeholders(old: Application, new: Application) -> None:
    _carry_named(old, new, "stakeholders", SupportLetter)


def _carry_named(old: Application, new: Application, rows: str, papers: type[SignedPaper]) -> None:
    """Match by name and place, so that what hangs on a row of `new` stays where it can."""
    stored = {_place_of(row): row for row in getattr(new, rows).all()}
    theirs = list(getattr(old, rows).all())
    for key in stored.keys() - {_place_of(row) for row in theirs}:
        _remove(stored.pop(key), papers)
    for row in theirs:
        found = stored.get(_place_of(row))
        copy = copy_of(row, application=new)
        if found:
            copy.pk = found.pk
        copy.save(force_insert=found is None, force_update=found is not None)
        _carry_signed(row, copy, papers)


def _place_of(row: Asked) -> tuple[str, str]:
    country = row.country_id if isinstance(row, Municipality) else ""
    return country, row.search_name


def _carry_documents(old: Application, new: Application) -> None:
    """Match by what the call asks for; of another call, by the key of what it asks for."""
    asked = {row.key: row for row in new.call.documents.all()}
    theirs = {row.asked.key: row for row in old.documents.select_related("asked", "file")}
    mine = {row.asked.key: row for row in new.documents.select_related("asked", "file")}
    for key, row in mine.items():
        if key in theirs and theirs[key].file.sha256 == row.file.sha256:
            theirs.pop(key)
            continue
        row.delete()
        remove_file(row.file)
    for key, row in theirs.items():
        if key in asked:
            copy_of(row, application=new, asked=asked[key]).save(force_insert=True)


def _remove(row: Asked, papers: type[SignedPaper]) -> None:
    paper = _paper_of(row, papers)
    row.delete()
    if paper and paper.file:
        remove_file(paper.file)


def _paper_of(row: Asked, papers: type[SignedPaper]) -> SignedPaper | None:
    found = papers._default_manager.filter(**{papers.whose: row})  # noqa: SLF001 - Django's name
    return found.select_related("file").first()


def _carry_signed(old: Asked, new: Asked, papers: type[SignedPaper]) -> None:
    """Carry a letter; a word given online was given for one call, as was what staff found.

    Once the application was withdrawn it binds nobody, as its giver was told: it is asked for anew.
    """
    is_same_call = old.application.call_id == new.application.call_id
    is_bound = is_same_call and old.application.status != ApplicationStatus.WITHDRAWN
    theirs, mine = _paper_of(old, papers), _paper_of(new, papers)
    if theirs and mine and theirs.said == mine.said:
        return
    if mine:
        mine.delete()
        if mine.file:
            remove_file(mine.file)
    if theirs and (is_bound or not theirs.is_online):
        found = {} if is_same_call or papers is not Commitment else NOT_OPENED
        copy_of(theirs, **{papers.whose: new}, **found).save(force_insert=True)


def carry_rows(model: type[Model], old: Application, new: Application) -> None:
    """Carry rows that point at their application by `application`: those of `new` give way.

    Files go along, each as a copy of its own; many-to-many choices too.
    """
    rows: Any = model._default_manager  # noqa: SLF001 - Django's name
    for row in rows.filter(application=new):
        files = [getattr(row, field.name) for field in _file_fields(model)]
        row.delete()
        for file in filter(None, files):
            remove_file(file)
    for row in rows.filter(application=old).order_by("pk"):
        copy = copy_of(row, application=new)
        copy.save(force_insert=True)
        for field in model._meta.many_to_many:  # noqa: SLF001
            getattr(copy, field.name).set(getattr(row, field.name).all())


def copy_of(row: Model, **changed: Any) -> Any:
    """Return an unsaved copy of a row with its files copied, and other values for `changed`."""
    values = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields  # noqa: SLF001
        if not field.primary_key and field.name not in changed
    }
    copy: Any = type(row)(**values, **changed)
    for field in _file_fields(type(row)):
        stored = getattr(row, field.name)
        if stored:
            setattr(copy, field.name, copy_file(stored))
    return copy


def _file_fields(model: type[Model]) -> list[OneToOneField[Any, Any]]:
    return [
        field
        for field in model._meta.concrete_fields  # noqa: SLF001
        if isinstance(field, OneToOneField) and field.related_model is StoredFile
    ]


# What people write for an application; a new part adds its function here, or what it holds is
# lost when a city starts again or sends a change.
CARRIED: tuple[Callable[[Application, Application], None], ...] = (
    _carry_details,
    _carry_municipalities,
    _carry_stakeholders,
    _carry_documents,
    _carry_answers,
    _carry_wishes,
    _carry_profile,
)
