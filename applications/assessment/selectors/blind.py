"""Reading blind: what was sent without the names of who sent it.

It is made of what may be read, not of what must not: a part that an application gets one day is
left out until somebody says here that it names nobody.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from applications.models import Application, Municipality
from core.kit.text import fold
from programme.models import CityName, Country
from programme.organisations.models import Organisation, OrganisationName

Snapshot = Mapping[str, Any]
# A name with fewer letters than this is looked for as it is written; a word of a name not at all.
SHORT = 4
# Chinese, Japanese, Korean, Thai, Lao, Burmese and Khmer: words that no space parts.
UNPARTED = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]"
)
# Read as they are: they name nobody.
_AS_SENT = ("kind", "is_measured", "themes", "partner_countries")


def mark() -> str:
    """Return what stands in a text where a name stood."""
    return _("[name kept back]")


def is_read_blind(application: Application) -> bool:
    """Whether the assessors of the application read it without names."""
    plan = getattr(application.call, "assessment_plan", None)
    return plan is not None and bool(plan.is_blind)


def blinded(application: Application) -> Application:
    """Return the application with a neutral name in place of its applicant; never to be saved."""
    name = _("Application %(reference)s") % {"reference": application.reference}
    nobody = Organisation(name=name, country=Country(code="", name=""))
    application._state.fields_cache["organisation"] = nobody  # noqa: SLF001 - only to be shown
    return application


def without_names(application: Application, snapshot: Snapshot) -> dict[str, Any]:
    """Return what was sent as it is read blind; two queries."""
    cover = Cover(names_in(application, snapshot))
    sent: dict[str, Any] = {name: snapshot[name] for name in _AS_SENT if name in snapshot}
    sent["organisation"] = {"kind": snapshot.get("organisation", {}).get("kind", "")}
    sent["exception_reason"] = cover.over(snapshot.get("exception_reason") or "")
    sent["sections"] = [
        section
        | {
            "answers": [
                answer | {"answer": cover.over(answer["answer"])} for answer in section["answers"]
            ]
        }
        for section in snapshot.get("sections", ())
    ]
    sent["stakeholders"] = [
        {
            "kind": row["kind"],
            "name": _("Partner %(number)d") % {"number": number},
            "role": cover.over(row["role"]),
            "contact_name": "",
            "contact_email": "",
            "letter": None,
        }
        for number, row in enumerate(snapshot.get("stakeholders", ()), 1)
    ]
    if "profile" in snapshot:
        sent["profile"] = _profile(snapshot["profile"], cover)
    return sent


def _profile(profile: Snapshot, cover: "Cover") -> dict[str, Any]:
    return {
        "challenges": [row | {"words": cover.over(row["words"])} for row in profile["challenges"]],
        "population_from": profile["population_from"],
        "population_to": profile["population_to"],
        "kinds": profile["kinds"],
        "wishes": [row | {"reason": cover.over(row["reason"])} for row in profile["wishes"]],
        # With whom it worked, and what is spoken there, says who it is.
        "earlier": [
            {"partner": mark(), "years": "", "words": cover.over(row["words"])}
            for row in profile["earlier"]
        ],
        "languages": [_("[kept back]")],
        "tags": profile["tags"],
    }


class Cover:
    """Puts the mark over names in texts: whole words, in any case, with or without accents.

    An ending is covered with its name ("Hamburg’s", "Croatian"). A short name is covered as it is
    written ("Ulm"), and one of a script without spaces wherever it stands.
    """

    def __init__(self, names: Iterable[str]) -> None:
        long, short, unparted = set(), set(), set()
        for name in (unicodedata.normalize("NFC", " ".join(name.split())) for name in names):
            letters = sum(sign.isalnum() for sign in name)
            if UNPARTED.search(name) and letters > 1:
                unparted.add(name)
            elif letters >= SHORT:
                long |= {name, fold(name)}
            elif letters:
                short.add(name)
        patterns = (
            (rf"(?<!\w)(?:{_any_of(long)})\w*", re.IGNORECASE, long),
            (rf"(?<!\w)(?:{_any_of(short)})(?!\w)", re.NOFLAG, short),
            (_any_of(unparted), re.NOFLAG, unparted),
        )
        self.patterns = [re.compile(words, flags) for words, flags, found in patterns if found]

    def over(self, text: str) -> str:
        """Return the text with the mark in place of each name."""
        if not self.patterns:
            return text
        text = unicodedata.normalize("NFC", text)
        for pattern in self.patterns:
            text = pattern.sub(mark(), text)
        return text


def _any_of(names: set[str]) -> str:
    """Return a pattern of them, the longest first."""
    return "|".join(re.escape(name) for name in sorted(names, key=lambda name: (-len(name), name)))


def names_in(application: Application, snapshot: Snapshot) -> set[str]:
    """Return the names by which what was sent could be known; two queries.

    Places have all their names, former ones too; people theirs in whole and in words.
    """
    places = {str(snapshot.get("organisation", {}).get("name", "")), str(application.reference)}
    people: set[str] = {str(snapshot.get("sent_by", ""))}
    other: set[str] = set()
    for row in snapshot.get("municipalities", ()):
        places |= {row["name"], row["country_name"]}
        _of_letter(row["commitment"], people, other)
    for row in snapshot.get("stakeholders", ()):
        other |= {row["name"], row["contact_email"]}
        people.add(row["contact_name"])
        _of_letter(row["letter"], people, other)
    for part in ("contact", "deputy"):
        row = snapshot.get(part) or {}
        people.add(row.get("name", ""))
        other |= {row.get("email", ""), row.get("phone", "")}
    people.add(snapshot.get("signatory", {}).get("name", ""))
    other |= {row["file_name"] for row in snapshot.get("documents", ())}
    other |= {row["partner"] for row in snapshot.get("profile", {}).get("earlier", ())}
    words = {word for name in people for word in name.split() if len(word) >= SHORT}
    return places | people | other | words | _of_register(application)


def _of_letter(letter: Snapshot | None, people: set[str], other: set[str]) -> None:
    if letter:
        people.add(letter["signed_by_name"])
        other |= {letter["file_name"], letter["email"], letter.get("signed_under") or ""}


def _of_register(application: Application) -> set[str]:
    """Return how the register calls the applicant and its places, in any language."""
    seats = CityName.objects.filter(
        city__organisationcity__organisation=application.organisation_id
    )
    members = Municipality.objects.filter(application=application.pk, city__isnull=False)
    named = CityName.objects.filter(city__in=members.order_by().values("city"))
    former = OrganisationName.objects.filter(organisation=application.organisation_id)
    country = Country.objects.filter(organisations=application.organisation_id)
    own = Organisation.objects.filter(pk=application.organisation_id)
    lists = (
        *(rows.filter(word=0).order_by().values_list("name") for rows in (seats, named)),
        *(rows.order_by().values_list("name") for rows in (former, country, own)),
    )
    return {name for (name,) in lists[0].union(*lists[1:])}
