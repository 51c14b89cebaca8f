"""Proof that data is still what it was."""

import hashlib
import json
from typing import Any


def fingerprint(data: Any) -> str:
    """Return the SHA-256 of JSON data as 64 hex digits: one changed letter gives another one.

    The order of keys does not matter, for databases do not keep it.
    """
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
