"""Looking into a file with real parsers, in a process of its own.

What strangers send may be made to hurt who opens it. So it is opened by a child with little
memory and little time, and without a way back but a few words.
"""

import json
import logging
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

logger = logging.getLogger(__name__)

CHILD = Path(__file__).with_name("child.py")
# Seconds; the child ends itself after LONGEST_WORK of them on the processor.
LONGEST = 30


@dataclass(frozen=True)
class Found:
    """What is wrong with a file ("" for nothing), what it does, who signed it."""

    problem: str = ""
    active: tuple[str, ...] = ()
    signatures: tuple[dict[str, Any], ...] = field(default_factory=tuple)


def look_into(content: bytes, kind: str) -> Found:
    """Open a file of a kind that child.py knows ("pdf", "image", "office").

    What breaks its parser, or takes too much of the machine, is "damaged".
    """
    try:
        done = subprocess.run(  # noqa: S603 - our own program, the file comes by its input
            [sys.executable, "-I", str(CHILD), kind],
            input=content,
            capture_output=True,
            timeout=LONGEST,
            check=True,
        )
        said = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError):
        logger.warning("A file of kind %s could not be looked into.", kind)
        return Found("damaged")
    return Found(said["problem"], tuple(said["active"]), tuple(said["signatures"]))
