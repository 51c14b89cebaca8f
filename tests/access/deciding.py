"""Rows of the table for outcomes, their letters, releases and corrections."""

import datetime as dt

from django.utils import timezone

from applications.assessment.models import Correction, FreePlace, Release
from applications.models import SavedView
from tests.access.expect import Row, no_method, only, staff
from tests.factories.accounts import CoordinatorFactory
from tests.factories.applications import AcceptedApplicationFactory
from tests.factories.bulk import BulkRowFactory
from tests.factories.matching import BoardFactory, FairnessFactory
from tests.factories.outcomes import OutcomeFactory, ParagraphFactory
from tests.factories.programme import PartnerCountryFactory

_DESKS = "desk desk_other desk_none"
_OTHERS = "desk desk_other desk_none assessor assessor_other"
_readers = only("coordinator observer", forbidden=_OTHERS)
_writers = only("coordinator", forbidden=f"{_OTHERS} observer")
_of_one = only("coordinator", forbidden="desk observer")


def outcome(w, **values):
    """What is prepared for the home city, which asks for India."""
    return OutcomeFactory(
        application__organisation=w.home,
        application__partner_countries=[PartnerCountryFactory()],
        **values,
    )


def told(w, prepared_by=None):
    """A correction of what the home city was told."""
    application = AcceptedApplicationFactory(
        organisation=w.home, partner_countries=[PartnerCountryFactory()]
    )
    was = application.decisions.latest("number")
    return Correction.objects.create(
        application=application,
        was=was,
        outcome="reserve",
        reason="A score was typed wrongly.",
        words="One score was copied wrongly.",
        prepared_by=prepared_by,
    )


def _call(w):
    return {"slug": outcome(w).application.call.slug}


def _one(w):
    return {"reference": outcome(w).application.reference}


def _paragraph(w):
    row = ParagraphFactory(call=w.call)
    return {"slug": w.call.slug, "pk": row.pk}


def release_of(w):
    row = outcome(w)
    release = Release.objects.create(call=row.application.call, number=1)
    row.release = release
    row.save()
    return release


def bulk_row(w, **values):
    """The home city in a run that somebody else has begun."""
    values = {"before": "open", "after": "Reject", "kept": {"was": {}, "version": 1}, **values}
    return BulkRowFactory(application=outcome(w).application, **values)


def saved_view(w, **values):
    """A view that the coordinator keeps for themself."""
    plain = {"person": w.people["coordinator"], "name": "Asia", "query": "q=a"}
    return SavedView.objects.create(**plain | values)


def _beside_a_view(w):
    saved_view(w, name="Beside")
    saved_view(w, name="Shared", person=w.people["observer"], is_shared=True)
    return {}


def _run(w):
    return {"pk": bulk_row(w, state="done").run.pk}


def _run_row(w):
    row = bulk_row(w, state="done")
    return {"pk": row.run.pk, "row": row.pk}


_undoers = only("coordinator", forbidden="observer")
_choosers = only(
    "coordinator desk desk_other desk_none", forbidden="observer assessor assessor_other"
)


def accepted(w):
    return AcceptedApplicationFactory(
        organisation=w.home, partner_countries=[PartnerCountryFactory()]
    )


def place_of(w):
    """A place that the home city gave up, and somebody on the reserve list of its call."""
    application = accepted(w)
    application.mark_given_up()
    application.save()
    waiting = OutcomeFactory(
        application__call=application.call,
        application__partner_countries=[PartnerCountryFactory()],
        outcome="reserve",
        rank=2,
    ).application
    waiting.mark_reserve()
    waiting.save()
    return FreePlace.objects.create(
        application=application,
        reason="The council has stopped it.",
        fill_by=timezone.now() + dt.timedelta(days=7),
    )


def empty(w):
    """A place that was left empty."""
    place = place_of(w)
    place.closed_at, place.closed_because = timezone.now(), "The money is spent."
    place.save()
    return place


def waiting_for(place):
    return place.application.call.applications.get(status="reserve")


def _matched(w):
    """A call with a run on its board."""
    return {"slug": BoardFactory(run__call=w.call).call.slug}


def _one_run(w):
    return {"slug": w.call.slug, "number": BoardFactory(run__call=w.call).run.number}


def _fair(w):
    return {"slug": FairnessFactory(run=BoardFactory(run__call=w.call).run).run.call.slug}


def _one_pair(w):
    return _matched(w) | {"left": "riga", "right": "surat"}


_matchers = only("coordinator", forbidden=f"{_OTHERS} observer")

DECIDING = [
    Row("matching:calls", at=lambda w: _matched(w) and {}, GET=_matchers, POST=no_method()),
    Row("matching:board", at=_matched, GET=_matchers, POST=no_method()),
    Row("matching:change", at=_matched, GET=no_method(), POST=_matchers),
    Row("matching:rules", at=_matched, GET=_matchers, POST=_matchers),
    Row(
        "matching:confirm",
        at=_matched,
        query="?pair=riga,kochi&pair=split,surat",
        GET=_matchers,
        POST=_matchers,
    ),
    Row("matching:pair", at=_one_pair, GET=_matchers, POST=_matchers),
    Row("matching:runs", at=_matched, GET=_matchers, POST=_matchers),
    Row("matching:run", at=_one_run, GET=_matchers, POST=_matchers),
    Row("matching:file", at=_one_run, GET=_matchers, POST=no_method()),
    Row("matching:put", at=_one_run, GET=no_method(), POST=_matchers),
    Row("matching:work_out", at=_one_run, GET=no_method(), POST=_matchers),
    Row("matching:fairness", at=_fair, GET=_matchers, POST=_matchers),
    Row("matching:compare", at=_matched, GET=_matchers, POST=no_method()),
    Row(
        "assessment:dossiers",
        GET=no_method(),
        POST=only(f"coordinator observer {_DESKS}", forbidden="assessor assessor_other"),
    ),
    Row("applications:saved_views", at=_beside_a_view, query="?q=a", GET=staff(), POST=staff()),
    Row(
        "applications:saved_view_remove",
        at=lambda w: {"pk": saved_view(w, is_shared=True).pk},
        GET=no_method(),
        POST=only("coordinator", forbidden=f"{_OTHERS} observer"),
    ),
    Row(
        "applications:saved_view_take_over",
        at=lambda w: {"pk": saved_view(w, person=w.people["observer"], is_shared=True).pk},
        GET=no_method(),
        POST=only("coordinator", forbidden=f"{_OTHERS} observer"),
    ),
    Row(
        "bulk:choose",
        at=lambda _w: {},
        query=lambda w: f"?id={outcome(w).application.pk}",
        GET=_choosers,
        POST=_choosers,
    ),
    Row("bulk:run", at=_run, GET=only("coordinator observer"), POST=no_method()),
    *(
        Row(f"bulk:{name}", at=_run, GET=no_method(), POST=_undoers)
        for name in ("undo", "stop", "go_on")
    ),
    Row("bulk:undo_one", at=_run_row, GET=_undoers, POST=_undoers),
    Row("assessment:calls", GET=_readers, POST=no_method()),
    Row("assessment:ranking", at=_call, GET=_readers, POST=no_method()),
    Row("assessment:letters", at=_call, GET=_readers, POST=no_method()),
    Row("assessment:paragraphs", at=_call, GET=_readers, POST=no_method()),
    Row("assessment:prepare_several", at=_call, GET=_writers, POST=_writers),
    Row("assessment:from_line", at=_call, query="?threshold=50", GET=_writers, POST=_writers),
    Row("assessment:paragraph_new", at=_call, GET=_writers, POST=_writers),
    Row("assessment:paragraph", at=_paragraph, GET=_writers, POST=_writers),
    Row("assessment:paragraph_remove", at=_paragraph, GET=no_method(), POST=_writers),
    Row("assessment:release", at=_call, GET=_writers, POST=_writers),
    Row(
        "assessment:release_page",
        at=lambda w: {"pk": release_of(w).pk},
        GET=_readers,
        POST=_writers,
    ),
    Row("assessment:prepare", at=_one, GET=_of_one, POST=_of_one),
    Row("assessment:letter_edit", at=_one, GET=_of_one, POST=_of_one),
    *(
        Row(f"assessment:{name}", at=_one, GET=no_method(), POST=_of_one)
        for name in ("letter_usual", "letter_hold", "letter_test")
    ),
    Row(
        "assessment:correct",
        at=lambda w: {"reference": told(w).application.reference},
        query="?change=1",
        GET=_of_one,
        POST=_of_one,
    ),
    Row(
        "assessment:correction",
        at=lambda w: {"pk": told(w).pk},
        GET=_readers,
        POST=no_method(),
    ),
    *(
        Row(
            f"assessment:{name}",
            at=lambda w: {"pk": told(w, CoordinatorFactory()).pk},
            GET=no_method(),
            POST=only("coordinator", forbidden="desk observer"),
        )
        for name in ("correction_confirm", "correction_discard")
    ),
    Row(
        "assessment:give_up",
        at=lambda w: {"key": accepted(w).reference},
        GET=only("lead", forbidden="editor viewer"),
        POST=only("lead", forbidden="editor viewer"),
    ),
    Row(
        "assessment:give_up_for",
        at=lambda w: {"reference": accepted(w).reference},
        GET=_of_one,
        POST=_of_one,
    ),
    Row(
        "assessment:reserve",
        at=lambda w: {"slug": place_of(w).application.call.slug},
        GET=_readers,
        POST=no_method(),
    ),
    Row(
        "assessment:place_fill",
        at=lambda w: {"pk": place_of(w).pk},
        query=lambda _w: f"?of={waiting_for(FreePlace.objects.latest('pk')).reference}",
        GET=_of_one,
        POST=_of_one,
    ),
    Row("assessment:place_close", at=lambda w: {"pk": place_of(w).pk}, GET=_of_one, POST=_of_one),
    Row("assessment:place_reopen", at=lambda w: {"pk": empty(w).pk}, GET=_of_one, POST=_of_one),
]
