"""Reads on casework: all that the page of an application shows in one query, mentions, tags."""

import datetime as dt
import re
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
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models import (
    Case as SqlCase,
)
from django.db.models.functions import Coalesce, NullIf, TruncDate

from accounts.models import User, initials_of
from accounts.states import StaffRole
from applications.casework.models import CaseOwner, Mention, Note, Seen, StaffTag, Tagging
from applications.casework.states import EDITABLE_FOR, SEEN_EVERY, SIGNS, Tone
from applications.models import Application
from applications.selectors.reach import ACTING, office_reaches, readers_of
from core.kit import days
from core.kit.days import BRUSSELS
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
        "is_on": Exists(mentions.filter(_is_unread(), person=reader.pk)),
    }


def _notes_shown(application: Application, reader: User) -> "QuerySet[Note]":
    """Return the newest notes of an application, and what is new for its reader."""
    notes = Note.objects.filter(application=application.pk)
    newest = notes.order_by("-at", "-pk").values("pk")[:SHOWN]
    mentions = Mention.objects.filter(_is_unread(), person=reader.pk)
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


# Mentions ---------------------------------------------------------------------------


def _is_unread() -> Q:
    """Return the condition that a mention waits: no page has shown it to whom it calls."""
    return Q(read_at=None, note__removed_at=None)


def mentions_of(user: User) -> "QuerySet[Mention]":
    """Return what mentions a person, the newest first, as far as they see its application."""
    mentions = Mention.objects.filter(
        person=user, note__removed_at=None, note__in=Note.objects.reached_by(user).values("pk")
    )
    return mentions.order_by("-at", "-pk")


def unread_mentions(user: User) -> "QuerySet[Mention]":
    """Return what mentions a person and waits for them."""
    return mentions_of(user).filter(_is_unread())


def with_applications(mentions: "QuerySet[Mention]") -> "QuerySet[Mention]":
    """Return mentions with what their list shows: the note, the applicant, whether it is new."""
    return mentions.select_related("note__application__organisation__country", "note__by").annotate(
        is_new=ExpressionWrapper(_is_unread(), output_field=BooleanField())
    )


def people_who_are_told() -> "QuerySet[User]":
    """Return people of the office with `unread_since`: the day of the first mention that waits.

    None where nothing does. Only what they still see counts.
    """
    waiting = (
        Mention.objects.filter(
            _is_unread(), office_reaches("note__application", "person"), person=OuterRef("pk")
        )
        .order_by()
        .values("person")
        .annotate(first=Min("at"))
        .values("first")
    )
    return User.objects.filter(is_active=True).annotate(
        unread_since=TruncDate(Subquery(waiting), tzinfo=BRUSSELS)
    )


@dataclass(frozen=True)
class Colleague:
    """Somebody of staff, and whether they see the notes about an application."""

    person: User
    sees: bool


def colleagues_for(application: Application) -> list[Colleague]:
    """Return all of staff, each with whether they see the notes about the application."""
    readers = set(readers_of(application).values_list("pk", flat=True))
    people = User.objects.filter(is_active=True).exclude(staff_role=StaffRole.NONE)
    return [
        Colleague(person, person.pk in readers) for person in people.order_by("search_name", "pk")
    ]


# An address has an "@" too, but none at the beginning of a word.
_CALLED = re.compile(r"(?<!\S)[(\[\"'“„«]?@(?=\S)")
_LONGEST_NAME = 8
_AFTER_A_NAME = ".,;:!?)]\"'”“»"


def called_in(words: str, colleagues: Iterable[Colleague]) -> dict[str, list[Colleague]]:
    """Return whom the words call by "@": what was typed, with who goes by that name.

    A name is the full one, the first one where only one of staff has it, or the address. The
    longest counts; what is nobody's has an empty list.
    """
    names: dict[str, list[Colleague]] = {}
    for one in colleagues:
        full = fold(one.person.full_name)
        for name in dict.fromkeys((full, full.split(" ")[0], fold(one.person.email))):
            names.setdefault(name, []).append(one)
    found = {}
    for call in _CALLED.finditer(words):
        typed, who = _longest(words[call.end() :], names)
        found[typed] = who
    return found


def _longest(text: str, names: dict[str, list[Colleague]]) -> tuple[str, list[Colleague]]:
    """Return the longest beginning of a text that is a name, and who has it."""
    parts = text.split("\n", 1)[0].split()[:_LONGEST_NAME]
    for count in range(len(parts), 0, -1):
        typed = " ".join(parts[:count])
        for name in (typed, typed.rstrip(_AFTER_A_NAME), re.split("['’]s$", typed)[0]):
            if who := names.get(fold(name)):
                return name, who
    return parts[0].rstrip(_AFTER_A_NAME), []


# Owners and tags --------------------------------------------------------------------


def owned_by(user: User) -> "QuerySet[CaseOwner]":
    """Return what a person looks after and sees."""
    return CaseOwner.objects.filter(
        owner=user, application__in=Application.objects.reached_by(user).values("pk")
    )


def given_to(user: User) -> "QuerySet[CaseOwner]":
    """Return what a colleague has given a person who has not opened it since."""
    opened = Seen.objects.filter(
        application=OuterRef("application"), person=user, at__gt=OuterRef("since")
    )
    return owned_by(user).exclude(given_by=user).filter(~Exists(opened))


def without_owner(rows: "QuerySet[Application]") -> "QuerySet[Application]":
    """Keep what nobody looks after: also where the owner has left, or no longer sees it."""
    kept = CaseOwner.objects.filter(
        office_reaches("application", "owner", ACTING),
        application=OuterRef("pk"),
    )
    return rows.filter(~Exists(kept))


def possible_owners(application: Application) -> "QuerySet[User]":
    """Return who may look after an application."""
    return readers_of(application, ACTING)


def tags_in_use(reader: User) -> "QuerySet[StaffTag]":
    """Return all tags with how many applications bear each, `number`, and when one did last.

    Of the applications that the reader sees: the others do not count.
    """
    seen = Application.objects.reached_by(reader).values("pk")
    taggings = Tagging.objects.filter(tag=OuterRef("pk"), application__in=seen)
    newest = taggings.order_by().values("tag").annotate(last=Max("at"))
    return StaffTag.objects.annotate(
        number=number_of(taggings),
        last=Subquery(newest.values("last")),
    )
