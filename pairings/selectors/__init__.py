"""Reads on pairings: for the cities and for staff."""

from pairings.selectors.city import (
    own_members,
    pairings_of,
    workspace_pairing,
)
from pairings.selectors.common import (
    earlier_pairings,
    live_pairing_of,
    members_key,
    with_everything,
    with_parties,
)
from pairings.selectors.compare import CompareRow, comparison, exchanges
from pairings.selectors.staff import (
    Asked,
    Candidate,
    candidate_parties,
    pairable,
    pairing_counts,
    staff_pairings,
    topics_by_theme,
)
from pairings.selectors.standing import awaited_parties, numbers_by_call, pairings_at_risk
from pairings.selectors.timeline import (
    MonitorRow,
    Step,
    days_to,
    monitor_row,
    next_milestone,
    timeline,
)
from pairings.selectors.warnings import warnings_of
from pairings.selectors.wishes import (
    mutual_pairs,
    mutual_wishes,
    pairing_in_the_way,
    possible_partners,
    profiles_of,
    wishes_among,
    with_profiles,
)

__all__ = [
    "Asked",
    "Candidate",
    "CompareRow",
    "MonitorRow",
    "Step",
    "awaited_parties",
    "candidate_parties",
    "comparison",
    "days_to",
    "earlier_pairings",
    "exchanges",
    "live_pairing_of",
    "members_key",
    "monitor_row",
    "mutual_pairs",
    "mutual_wishes",
    "next_milestone",
    "numbers_by_call",
    "own_members",
    "pairable",
    "pairing_counts",
    "pairing_in_the_way",
    "pairings_at_risk",
    "pairings_of",
    "possible_partners",
    "profiles_of",
    "staff_pairings",
    "timeline",
    "topics_by_theme",
    "warnings_of",
    "wishes_among",
    "with_everything",
    "with_parties",
    "with_profiles",
    "workspace_pairing",
]
