"""The public list as the tests read it."""

from showcase.selectors.directory import directory


def public_rows(sort="", **filters):
    """Return the public pairings that fit the filters as rows, in the order of the list."""
    listed = directory()
    return listed.rows(listed.in_order(listed.find(**filters), sort))


def slugs(**filters):
    """Return their slugs."""
    return [row.slug for row in public_rows(**filters)]
