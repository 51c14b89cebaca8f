"""A demo call whose pairs were worked out: cities of Europe and partner cities that it names."""

from dataclasses import replace

from iuc_portal.demo.calls import DemoCall, make_call
from iuc_portal.demo.people import person
from pairings.matching.models import Run
from pairings.matching.services import Changes, start_run
from pairings.matching.services.fairness import make_fairness
from programme.calls.models import Call
from programme.calls.services import data_of, save_call
from programme.calls.states import ApplicantSide
from programme.organisations.models import Organisation
from programme.states import Side

MATCHED = DemoCall(
    code="C2C-2027-PARTNERS",
    slug="partners-2027",
    title="Partner cities look for Europe 2027 (demo)",
    summary="Cities in India and Japan work for 18 months with a city of the European Union that "
    "faces the same problem. This is a demo call: nothing you send counts.",
    partners=("IN", "JP"),
    closes_in_days=60,
    side=ApplicantSide.PARTNER,
)


def make_runs() -> int:
    """Make the call, its first run and one with other weights; return how many runs were made."""
    if not Call.objects.filter(code=MATCHED.code).exists():
        make_call(MATCHED)
        _name_partners(Call.objects.get(code=MATCHED.code))
    call, boss = Call.objects.get(code=MATCHED.code), person("coordinator")
    if call.runs.exists():
        return 0
    first = start_run(call=call, by=boss, note="Demo: as the cities have said")
    weights = {"themes": 40, "setting": 17, "history": 0}
    second = start_run(
        call=call,
        by=boss,
        parent=first,
        changes=Changes(weights=weights),
        note="Demo: more weight on shared topics",
        on_board=False,
    )
    make_fairness(first)
    return Run.objects.filter(pk__in=[first.pk, second.pk]).count()


def _name_partners(call: Call) -> None:
    """Name the cities of the partner countries that the programme knows."""
    partners = Organisation.objects.filter(
        side=Side.PARTNER, country__in=call.partner_countries.all()
    )
    save_call(
        call=call,
        data=replace(data_of(call), named_partners=list(partners)),
        by=person("coordinator"),
        read_version=call.version,
        reason="The partner cities are known.",
        impact_confirmed=True,
    )
