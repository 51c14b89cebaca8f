"""Rows of the table for owners, notes and tags."""

from tests.access.expect import Row, no_method, only
from tests.factories.applications import SubmittedApplicationFactory
from tests.factories.casework import NoteFactory, StaffTagFactory, TaggingFactory
from tests.factories.programme import PartnerCountryFactory

_DESKS = "desk desk_other desk_none"
_ASSESSORS = "assessor assessor_other"
_readers = only("coordinator desk observer")
_acting = only("coordinator desk", forbidden="observer")
_office = only(f"coordinator {_DESKS} observer", forbidden=_ASSESSORS)
_orderly = only("coordinator", forbidden=f"{_DESKS} observer {_ASSESSORS}")


def case_of(w):
    """What the home city sent, asking for India, with a tag."""
    application = SubmittedApplicationFactory(
        organisation=w.home, partner_countries=[PartnerCountryFactory()]
    )
    TaggingFactory(application=application)
    return application


def note_of(w, role="coordinator"):
    """A note about it of a moment ago."""
    return NoteFactory(application=case_of(w), by=w.people[role])


def _one(w):
    return {"reference": case_of(w).reference}


CASEWORK = [
    Row("casework:owner", at=_one, GET=_acting, POST=_acting),
    Row("casework:take", at=_one, GET=no_method(), POST=_acting),
    Row("casework:notes", at=_one, GET=_readers, POST=_acting),
    Row("casework:application_tags", at=_one, GET=_acting, POST=_acting),
    Row("casework:mine", GET=_office, POST=no_method()),
    *(
        Row(
            f"casework:{name}",
            at=lambda w: {"pk": note_of(w).pk},
            GET=only("coordinator", forbidden="desk observer"),
            POST=only("coordinator", forbidden="desk observer"),
        )
        for name in ("note", "note_remove")
    ),
    Row(
        "casework:note",
        at=lambda w: {"pk": note_of(w, "desk").pk},
        GET=only("desk", forbidden="coordinator observer"),
        POST=only("desk", forbidden="coordinator observer"),
        note="of the desk",
    ),
    Row("casework:tags", GET=_office, POST=no_method()),
    Row(
        "casework:tag_new",
        GET=only(f"coordinator {_DESKS}", forbidden=f"observer {_ASSESSORS}"),
        POST=only(f"coordinator {_DESKS}", forbidden=f"observer {_ASSESSORS}"),
    ),
    *(
        Row(
            f"casework:{name}",
            at=lambda _: {"pk": StaffTagFactory().pk},
            GET=_orderly,
            POST=_orderly,
        )
        for name in ("tag", "tag_merge")
    ),
    Row(
        "casework:tag_remove",
        at=lambda _: {"pk": StaffTagFactory().pk},
        GET=no_method(),
        POST=_orderly,
    ),
]
