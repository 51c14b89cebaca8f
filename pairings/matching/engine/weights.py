"""What makes two cities a good pair, and how much each of it counts.

A run may bring weights of its own; these are used where it brings none. Only their proportions
count: they are divided by their sum.
"""

# A pair's score is a whole number from 0 to this.
MAX_SCORE = 10_000
TERMS = (
    *("themes", "needs_offers", "size", "languages", "preferences", "setting", "history"),
    "wishes",
)
DEFAULT_WEIGHTS = {
    "themes": 30.0,
    "needs_offers": 20.0,
    "size": 10.0,
    "languages": 8.0,
    "preferences": 10.0,
    "setting": 7.0,
    "history": 5.0,
    "wishes": 10.0,
}
