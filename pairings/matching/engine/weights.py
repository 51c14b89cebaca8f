"""What makes two cities a good pair, and how much each of it counts.

A run may bring weights of its own; these are used where it brings none. Only their proportions
count: they are divided by their sum.
"""

# A pair's score is a whole number from 0 to this.
MAX_SCORE = 10_000
TERMS = ("themes", "needs_offers", "size", "languages", "preferences", "setting", "history")
DEFAULT_WEIGHTS = {
    "themes": 30.0,
    "needs_offers": 25.0,
    "size": 12.0,
    "languages": 8.0,
    "preferences": 10.0,
    "setting": 10.0,
    "history": 5.0,
}
