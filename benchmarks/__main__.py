"""`python -m benchmarks [WORD …]`: measure all cases, or those whose name has one of the words.

It works on data of its own: SQLite in a temporary folder, or an empty database that DATABASE_URL
names.
"""

import os
import sys
import tempfile
from typing import Any


def main(words: list[str]) -> int:
    """Build the data, measure, print the table; 1 when a case breaks its promise."""
    with tempfile.TemporaryDirectory(prefix="iuc-bench-") as folder:
        os.environ.update(DEMO="1", DEBUG="0", VAR_DIR=folder, LOG_LEVEL="ERROR")
        os.environ["DJANGO_SETTINGS_MODULE"] = "iuc_portal.settings.base"
        import django  # noqa: PLC0415 - the settings are named above

        django.setup()
        from benchmarks.data import build  # noqa: PLC0415 - models load after setup
        from benchmarks.harness import measure  # noqa: PLC0415

        build()
        print_heading()
        kept = True
        for one in chosen(words):
            result = measure(one)
            kept = kept and result.kept
            print_row(result)
    return 0 if kept else 1


def chosen(words: list[str]) -> list[Any]:
    """Return the cases to measure, in the order in which they are written."""
    from benchmarks import cases  # noqa: PLC0415 - models load after setup
    from benchmarks.harness import CASES  # noqa: PLC0415

    found = [
        one for one in CASES if not words or any(word.lower() in one.name.lower() for word in words)
    ]
    if not found:
        sys.exit(f"No case of {cases.__name__} has one of these words in its name.")
    return found


def print_heading() -> None:
    """Print what the columns mean."""
    print("CPU time is the median of several runs; a loop is an empty one of 10 million rounds,")
    print("timed right after each case, so that machines and moments can be compared.\n")
    print(f"{'case':<44}{'queries':>9}{'at most':>9}{'CPU ms':>9}{'loop ms':>9}{'CPU/loop':>10}")


def print_row(result: Any) -> None:
    """Print one line of the table."""
    limit = "" if result.most_queries is None else result.most_queries
    mark = "" if result.kept else "  TOO MANY"
    print(
        f"{result.name:<44}{result.queries:>9}{limit:>9}{result.cpu * 1000:>9.1f}"
        f"{result.loop * 1000:>9.0f}{result.cpu / result.loop:>10.3f}{mark}",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
