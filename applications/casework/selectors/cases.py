"""All that the page of an application shows of its case, in one query; its notes."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import (
    BooleanField,
    CharField,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    Field,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models import (
    Case as SqlCase,
)
from django.db.models.functions import Coalesce, NullIf

from accounts.models import User, initials_of
from applications.casework.models import CaseOwner, Mention, Note, Seen, Tagging
from applications.casework.selectors.mentions import is_unread
from applications.casework.states import EDITABLE_FOR, SEEN_EVERY, SIGNS, Tone
from applications.models import Application
from applications.selectors.reach import ACTING, office_reaches
from core.kit import days
from core.kit.rows import lines_of, number_of
from core.kit.text import fold

# Notes on the page of an application; all of them have a page of their own.
SHOWN = 3


@dataclass(frozen=True)
class Someone:
    """A person as components/person.html shows one, and when they did what they are named for."""

    pk: int
    name: str
    at: dt.datetime

    def __str__(self) -> str:
        return self.name

    @property
    def initials(self) -> str:
        """Up to two letters for the avatar."""
        return initials_of(self.name)


@dataclass(frozen=True)
class Owner(Someone):
    """Who looks after an application. `is_lost`: they no longer see it, or may not act on it."""

    version: int
    given_by: str
    is_lost: bool


@dataclass(frozen=True)
class TagShown:
    """A tag on an application."""

    pk: int
    name: str
    tone: str

    @property
    def sign(self) -> str:
        """Return the icon that says its tone without colour, "" for none."""
        return SIGNS.get(Tone(self.tone), "")


@dataclass(frozen=True)
class NoteShown:
    """A note; `told` are those whom it mentions, `is_for_reader` when it waits for its reader."""

    pk: int
    by: Someone
    words: str
    told: tuple[str, ...]
    state: str
    is_for_reader: bool

    @property
    def is_removed(self) -> bool:
        """Whether only its mark is left."""
        return self.state == "removed"

    @property
    def is_edited(self) -> bool:
        """Whether its words are not the first ones."""
        return self.state == "edited"

    def can_be_edited_by(self, user: User) -> bool:
        """Whether this person may still change it, as far as the clock and its writer go."""
        return (
            self.by.pk == user.pk
            and not self.is_removed
            and days.now() <= self.by.at + EDITABLE_FOR
        )


@dataclass
class Case:
    """What staff have beside an application, for one reader."""

    owner: Owner | None = None
    # Of the row, also where nobody owns it any more; 0 where nobody ever has.
    version: int = 0
    tags: list[TagShown] = field(default_factory=list)
    notes: list[NoteShown] = field(default_factory=list)
    note_count: int = 0
    seen: list[Someone] = field(default_factory=list)

    def has_to_mark(self, user: User) -> bool:
        """Whether that the person has opened it is to be written down now.

        Once an hour is enough, unless something for them has come since: it is read by now.
        """
        last = next((one.at for one in self.seen if one.pk == user.pk), None)
        if last is None or last <= days.now() - SEEN_EVERY:
            return True
        is_given = self.owner is not None and self.owner.pk == user.pk and self.owner.at >= last
        return is_given or any(note.is_for_reader for note in self.notes)


# What stands in each row of the one query, and what where a kind of row has nothing to say.
_COLUMNS: dict[str, "Field[Any, Any]"] = {
    "row": CharField(),
    "key": IntegerField(),
    "who": IntegerField(),
    "name": TextField(),
    "when": DateTimeField(),
    "text": TextField(),
    "beside": TextField(),
    "mark": TextField(),
    "is_on": BooleanField(),
    "total": IntegerField(),
}
_EMPTY = {
    "key": 0,
    "who": 0,
    "name": "",
    "text": "",
    "beside": "",
    "mark": "",
    "total": 0,
    "is_on": False,
}


def case_of(application: Application, reader: User) -> Case:
    """Return what staff have beside an application: owner, tags, newest notes, who has seen it.

    One query for all four, asked once of each application as it was read: several parts of its
    page show them.
    """
    known: dict[int, Case] = application.__dict__.setdefault("_cases", {})
    if reader.pk not in known:
        known[reader.pk] = _case_of(application, reader)
    return known[reader.pk]


def _case_of(application: Application, reader: User) -> Case:
    of_it = {"application": application.pk}
    rows = _as_rows(
        CaseOwner.objects.filter(**of_it),
        "owner",
        key=F("version"),
        who=_number_of("owner"),
        name=_name_of("owner"),
        when=F("since"),
        beside=_name_of("given_by"),
        is_on=office_reaches("application", "owner", ACTING),
    ).union(
        _as_rows(
            Tagging.objects.filter(**of_it),
            "tag",
            key=F("tag"),
            name=F("tag__name"),
            when=F("at"),
            mark=F("tag__tone"),
        ),
        _as_rows(
            _notes_shown(application, reader),
            "note",
            key=F("pk"),
            who=_number_of("by"),
            name=F("name"),
            when=F("at"),
            text=F("words"),
            **_of_note(reader),
            total=number_of(Note.objects.filter(application=OuterRef("application"))),
        ),
        _as_rows(
            Seen.objects.filter(**of_it),
            "seen",
            key=F("pk"),
            who=F("person"),
            name=_name_of("person"),
            when=F("at"),
        ),
        all=True,
    )
    case = Case()
    for row in rows:
        _put(case, dict(zip(_COLUMNS, row, strict=True)))
    case.tags.sort(key=lambda tag: fold(tag.name))
    case.notes.sort(key=lambda note: (note.by.at, note.pk), reverse=True)
    case.seen.sort(key=lambda one: one.at, reverse=True)
    return case


def _put(case: Case, row: dict[str, Any]) -> None:
    someone = Someone(row["who"], row["name"], row["when"])
    if row["row"] == "owner":
        case.version = row["key"]
        if row["who"]:
            case.owner = Owner(
                **vars(someone),
                version=row["key"],
                given_by=row["beside"],
                is_lost=not row["is_on"],
            )
    elif row["row"] == "tag":
        case.tags.append(TagShown(row["key"], row["name"], row["mark"]))
    elif row["row"] == "note":
        case.notes.append(_note_shown(row))
        case.note_count = row["total"]
    else:
        case.seen.append(someone)


def _note_shown(row: dict[str, Any]) -> NoteShown:
    told = sorted(filter(None, row["beside"].split("\n")), key=fold)
    return NoteShown(
        row["key"],
        Someone(row["who"], row["name"], row["when"]),
        row["text"],
        tuple(told),
        row["mark"],
        bool(row["is_on"]),
    )


def _as_rows(rows: "QuerySet[Any]", what: str, **columns: Any) -> "QuerySet[Any, Any]":
    """Return rows of any model with the same columns of the same types, to be read as one."""
    asked = {"row": Value(what)} | {name: Value(value) for name, value in _EMPTY.items()} | columns
    # Under names of their own: those of the fields are taken.
    wrapped = {
        f"{name}_of_row": ExpressionWrapper(asked[name], output_field=output)
        for name, output in _COLUMNS.items()
    }
    return rows.order_by().annotate(**wrapped).values_list(*wrapped)


def _number_of(person: str) -> Coalesce:
    """Return the key of a person of a row, 0 for nobody."""
    return Coalesce(F(person), Value(0), output_field=IntegerField())


def _name_of(person: str) -> Coalesce:
    """Return the name of a person of a row, the address where they have none."""
    named = NullIf(F(f"{person}__full_name"), Value(""))
    return Coalesce(named, F(f"{person}__email"), Value(""), output_field=TextField())


def _of_note(reader: User) -> dict[str, Any]:
    """Return what is read beside a note: whom it tells, what became of it, whether it waits."""
    mentions = Mention.objects.filter(note=OuterRef("pk"))
    return {
        "beside": Coalesce(
            lines_of(mentions, "person__full_name"), Value(""), output_field=TextField()
        ),
        "mark": SqlCase(
            When(removed_at__isnull=False, then=Value("removed")),
            When(edited_at__isnull=False, then=Value("edited")),
            default=Value(""),
        ),
        "is_on": Exists(mentions.filter(is_unread(), person=reader.pk)),
    }


def _notes_shown(application: Application, reader: User) -> "QuerySet[Note]":
    """Return the newest notes of an application, and what is new for its reader."""
    notes = Note.objects.filter(application=application.pk)
    newest = notes.order_by("-at", "-pk").values("pk")[:SHOWN]
    mentions = Mention.objects.filter(is_unread(), person=reader.pk)
    unread = mentions.filter(note__application=application.pk).order_by("-at", "-pk")
    return notes.filter(Q(pk__in=newest) | Q(pk__in=unread.values("note")[:SHOWN]))


def notes_of(application: Application, reader: User) -> "QuerySet[Note]":
    """Return all notes about an application, the newest first, with whom each tells."""
    return Note.objects.filter(application=application.pk).annotate(
        **{f"{name}_of_note": value for name, value in _of_note(reader).items()}
    )


def notes_shown(notes: Iterable[Any]) -> list[NoteShown]:
    """Return notes as `notes_of` gives them, as pages show them."""
    return [
        _note_shown(
            {
                "key": note.pk,
                "who": note.by_id or 0,
                "name": note.name,
                "when": note.at,
                "text": note.words,
                "beside": note.beside_of_note,
                "mark": note.mark_of_note,
                "is_on": note.is_on_of_note,
            }
        )
        for note in notes
    ]
