"""Print every breach of the house rules of the look and end with 1 if there is one.

python -m tools.look                 check
python -m tools.look --where pill    name the sheets that hold a component's rules
"""

import argparse
import sys
from pathlib import Path

from tools.look.checks import breaches
from tools.look.house import House

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    """Run the checks, or answer where a component's rules stand."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--where", metavar="CLASS", help="name the sheets that hold its rules")
    where = parser.parse_args().where
    house = House(ROOT)
    if where:
        sheets = sorted(house.owners().get(where.removeprefix("."), ()))
        sys.stdout.writelines(f"static/css/{sheet}\n" for sheet in sheets)
        return 0 if sheets else 1
    found = breaches(house)
    sys.stdout.writelines(f"{words}\n" for words in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
