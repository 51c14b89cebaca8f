"""docs/access.md says what the rules say."""

import re

from django.conf import settings

from tests.access.rights import RIGHTS

ROLES = ("coordinator", "desk", "assessor", "observer", "lead", "editor", "viewer")
DOCUMENT = (settings.BASE_DIR / "docs" / "access.md").read_text("utf-8")


def test_table_of_permissions_is_that_of_the_tests():
    written = {}
    for line in re.findall(r"^\| `(.+)$", DOCUMENT, re.MULTILINE):
        permission, _lets, *marks = (cell.strip(" `") for cell in line.split("|")[:-1])
        written[permission] = {role for role, mark in zip(ROLES, marks, strict=True) if mark}
    holders = {}
    for right in RIGHTS:
        holders.setdefault(right.permission, set()).update(set(right.roles.split()) & set(ROLES))
    assert written == holders
