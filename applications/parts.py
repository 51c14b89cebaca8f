"""What was sent, part by part in words: for pages, papers and the differences of two versions.

Each function in `PARTS` reads its own key of a snapshot. What an older snapshot does not have
is left out, so that a new part changes nothing that was sent before it was there.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.template.defaultfilters import filesizeformat
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from applications.states import (
    ApplicantKind,
    Declaration,
    Direction,
    StakeholderKind,
    Weight,
)
from core.kit.text import fold
from programme.organisations.states import OrganisationKind

Snapshot = Mapping[str, Any]
# The part that each sending says anew: no answer that a version changes.
OF_THE_SENDING = "declarations"
T = TypeVar("T")


@dataclass(frozen=True)
class Row:
    """One answer: `key` names it for good within its application, `note` stands below it."""

    key: str
    label: str
    value: str
    note: str = ""
    # Of a file: what tells it from another one of the same name. Shown nowhere, but compared.
    mark: str = ""


@dataclass(frozen=True)
class Part:
    """Rows under one heading; `key` is that of the task on which they are written."""

    key: str
    title: str
    rows: tuple[Row, ...]


def parts_of(snapshot: Snapshot) -> list[Part]:
    """Return all that a snapshot says, in the order in which it is read."""
    return [part for read in PARTS for part in read(snapshot) if part.rows]


def rows_of(snapshot: Snapshot) -> dict[str, tuple[Part, Row]]:
    """Return every answer of a snapshot by its key, with the part it stands in."""
    return {row.key: (part, row) for part in parts_of(snapshot) for row in part.rows}


@dataclass(frozen=True)
class Change:
    """An answer that two versions say differently; None where one does not have it."""

    part: str
    label: str
    before: Row | None
    after: Row | None

    @property
    def texts(self) -> tuple[str, str]:
        """Return what was said and what is said now, each with its note."""
        old, new = (
            "\n".join(filter(None, (row.value, row.note))) if row else ""
            for row in (self.before, self.after)
        )
        return old, new


def changes_between(old: Snapshot, new: Snapshot) -> list[Change]:
    """Return what two versions say differently: in the order of the new one, then what is gone."""
    before, after = rows_of(old), rows_of(new)
    found = []
    for key in (*after, *(key for key in before if key not in after)):
        was, now = before.get(key), after.get(key)
        shown = now or was
        if shown and (was is None or now is None or was[1] != now[1]):
            part, row = shown
            if part.key == OF_THE_SENDING:
                continue
            found.append(Change(part.title, row.label, was and was[1], now and now[1]))
    return found


def _applicant(sent: Snapshot) -> list[Part]:
    rows = []
    if "kind" in sent:
        rows = [Row("kind", _("Who applies"), _who(sent))]
    is_measured = sent.get("is_measured", True)
    places = sent.get("municipalities", ())
    rows += [
        _municipality(row, is_measured=is_measured, is_alone=len(places) == 1) for row in places
    ]
    if sent.get("exception_reason"):
        rows.append(Row("exception", _("Reason for an exception"), sent["exception_reason"]))
    title = _("Applicant") if _is_region(sent) else _("Applicant and municipalities")
    return [Part("applicant", title, tuple(rows))]


def _is_region(sent: Snapshot) -> bool:
    return bool(sent.get("organisation", {}).get("kind") == OrganisationKind.REGION)


def _who(sent: Snapshot) -> str:
    return _("A region") if _is_region(sent) else str(ApplicantKind(sent["kind"]).label)


def _municipality(row: Snapshot, *, is_measured: bool, is_alone: bool) -> Row:
    leads = row["is_lead"] and not is_alone
    name = _("%(name)s, lead") % {"name": row["name"]} if leads else row["name"]
    # Where no number of inhabitants is asked, none is missing.
    value, country = ("", row["country_name"]) if is_measured else (row["country_name"], "")
    if row["population"]:
        number = number_format(row["population"], force_grouping=True)
        country = row["country_name"]
        value = _("%(number)s inhabitants, declared") % {"number": number}
    letter = row["commitment"]
    signed = letter and _("commitment signed by %(name)s") % {"name": _signatory(letter)}
    return Row(
        f"municipality:{row['country']}:{fold(row['name'])}",
        name,
        value,
        joined(
            country,
            row["population_source"],
            row["population_year"],
            signed,
            letter and _came_by(letter),
        ),
    )


def _signatory(letter: Snapshot) -> str:
    return joined(letter["signed_by_name"], letter["signed_by_office"])


def _came_by(letter: Snapshot) -> str:
    online = letter["email"] and _("online, %(email)s") % letter
    return joined(letter["file_name"], online, _signed_for(letter))


def _signed_for(letter: Snapshot) -> str:
    """Say under which name it was signed, where the city spelled it otherwise when it sent."""
    # What was sent before this was kept has none.
    name = letter.get("signed_under")
    return _("for “%(name)s”") % {"name": name} if name else ""


def _contacts(sent: Snapshot) -> list[Part]:
    if "contact" not in sent:
        return []
    contact, signatory = sent["contact"], sent["signatory"]
    rows = [
        Row("contact", _("Administrative contact"), contact["name"], contact["position"]),
        Row("contact-email", _("E-mail address"), contact["email"], contact["phone"]),
    ]
    if deputy := sent.get("deputy"):
        rows += [
            Row("deputy", _("Second contact"), deputy["name"], deputy["position"]),
            Row(
                "deputy-email",
                _("E-mail address of the second contact"),
                deputy["email"],
                deputy["phone"],
            ),
        ]
    rows.append(Row("signatory", _("Who signs"), signatory["name"], signatory["office"]))
    return [Part("contacts", _("Contacts and signatory"), tuple(rows))]


def _work(sent: Snapshot) -> list[Part]:
    """Return the sections of the call's questions, and after the first of them with whom."""
    sections = [
        Part(
            section["key"],
            section["title"],
            tuple(
                Row(f"answer:{answer['key']}", answer["question"], answer["answer"])
                for answer in section["answers"]
            ),
        )
        for section in sent.get("sections", ())
    ]
    return after_first(sections, _partnership(sent))


def after_first(sections: list[T], one: T) -> list[T]:
    """Return the sections with one more behind the first: what it is about, then with whom."""
    return [*sections[:1], one, *sections[1:]]


def _partnership(sent: Snapshot) -> Part:
    rows = tuple(
        row for stakeholder in sent.get("stakeholders", ()) for row in _stakeholder(stakeholder)
    )
    return Part("stakeholders_list", _("Stakeholder partnership"), rows)


def _stakeholder(row: Snapshot) -> list[Row]:
    """Return who it is; its letter, if there is one, is an answer of its own."""
    key = fold(row["name"])
    kinds = dict(StakeholderKind.choices)
    contact = joined(row["contact_name"], row["contact_email"])
    who = Row(
        f"stakeholder:{key}",
        str(kinds.get(row["kind"], row["kind"])),
        row["name"],
        "\n".join(filter(None, (row["role"], contact))),
    )
    letter = row["letter"]
    if not letter:
        return [who]
    signed = _("Signed by %(name)s") % {"name": _signatory(letter)}
    return [
        who,
        Row(
            f"letter:{key}",
            _("Letter of %(name)s") % {"name": row["name"]},
            letter["statement"] or letter["file_name"],
            joined(
                signed,
                _came_by(letter)
                if letter["statement"]
                else joined(letter["email"], _signed_for(letter)),
            ),
            letter["sha256"],
        ),
    ]


def _wishes(sent: Snapshot) -> list[Part]:
    if "themes" not in sent:
        return []
    rows = (
        Row("themes", _("Themes"), ", ".join(sent["themes"])),
        Row(
            "partner-countries",
            _("Partner countries"),
            ", ".join(sent["partner_countries"]) or _("Any"),
        ),
    )
    return [Part("preferences", _("Themes and partner preferences"), rows)]


def _profile(sent: Snapshot) -> list[Part]:
    if "profile" not in sent:
        return []
    profile = sent["profile"]
    rows = [
        Row(
            f"challenge:{row['direction']}:{row['slug']}",
            f"{Direction(row['direction']).label}: {row['topic']}",
            row["words"] or _("Nothing is written about it"),
            _("How much it matters: %(weight)s") % {"weight": Weight(row["weight"]).label},
        )
        for row in profile["challenges"]
    ]
    rows += [
        Row("partner-size", _("Inhabitants of the partner"), _size_of(profile)),
        Row(
            "partner-kinds",
            _("Kind of partner"),
            _kinds(profile["kinds"]),
        ),
    ]
    rows += [
        Row(
            f"wish:{row['kind']}:{fold(row['country'])}:{fold(row['name'])}",
            _("Gladly with") if row["is_wanted"] else _("Not with"),
            joined(row["name"], row["country"]),
            row["reason"],
        )
        for row in profile["wishes"]
    ]
    rows += [
        Row(
            f"earlier:{fold(row['partner'])}:{fold(row['years'])}",
            _("Worked with before"),
            joined(row["partner"], row["years"]),
            row["words"],
        )
        for row in profile["earlier"]
    ]
    rows += [
        Row("languages", _("Languages"), joined(*profile["languages"])),
        Row("tags", _("Kind of place"), joined(*profile["tags"])),
    ]
    return [Part("profile", _("What you look for in a partner"), tuple(rows))]


def _documents(sent: Snapshot) -> list[Part]:
    rows = (
        Row(
            f"document:{row['key']}",
            row["title"],
            row["file_name"],
            f"{row['file_name'].rpartition('.')[2].upper()}, {filesizeformat(row['size'])}",
            row["sha256"],
        )
        for row in sent.get("documents", ())
    )
    return [Part("documents", _("Documents"), tuple(rows))]


def _declarations(sent: Snapshot) -> list[Part]:
    """Return what was declared with the sending; whose it is and when stands in its facts."""
    titles = {
        Declaration.CORRECT: _("Figures and documents"),
        Declaration.COMMITMENTS: _("Commitments"),
        Declaration.PEOPLE: _("Privacy and the people named"),
    }
    rows = (
        Row(f"declaration:{row['key']}", titles.get(row["key"], row["key"]), row["words"])
        for row in sent.get("declarations", ())
    )
    return [Part(OF_THE_SENDING, _("Declarations"), tuple(rows))]


def _kinds(kinds: Iterable[str]) -> str:
    """Return kinds of body in words; one that the portal no longer knows, as it stands."""
    known = dict(OrganisationKind.choices)
    return joined(*(known.get(kind, kind) for kind in kinds)) or _("Any")


def _size_of(profile: Snapshot) -> str:
    low, high = (
        None if number is None else number_format(number, force_grouping=True)
        for number in (profile["population_from"], profile["population_to"])
    )
    if low and high:
        return _("%(low)s to %(high)s") % {"low": low, "high": high}
    if low:
        return _("%(low)s or more") % {"low": low}
    return _("%(high)s or fewer") % {"high": high} if high else _("Any")


def joined(*words: object) -> str:
    """Return the words that are there, with commas between them."""
    return ", ".join(str(word) for word in words if word)


# In the order of the pages.
PARTS: tuple[Callable[[Snapshot], list[Part]], ...] = (
    _applicant,
    _contacts,
    _work,
    _wishes,
    _profile,
    _documents,
    _declarations,
)
