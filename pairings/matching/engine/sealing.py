"""The seal of a run's file: what it is called and the digest of what it holds."""

import hashlib
import json
from typing import Any

FORMAT = "iuc-matching-run/1"


def sealed(data: dict[str, Any]) -> dict[str, Any]:
    """Return the file with its digest."""
    return data | {"digest": digest(data)}


def digest(data: dict[str, Any]) -> str:
    """Return the SHA-256 of the canonical JSON of all but `digest`, in hexadecimal digits."""
    rest = {key: value for key, value in data.items() if key != "digest"}
    text = json.dumps(rest, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
