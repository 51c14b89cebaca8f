from core.kit.holdings import Holding
from tests.house.minutes.models import Minutes

HOLDS = [
    Holding(
        Minutes,
        ("written_by",),
        "Minutes that you wrote",
        "They belong to the city.",
        ("meeting", "due_at"),
    ),
]
