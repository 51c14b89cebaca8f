#!/usr/bin/env python3
"""Fetch the front-end files that others wrote into static/vendor, and keep them honest.

vendor.json says which file of which npm package goes where; a font may go in parts, each with the
letters it holds, so that a page loads the parts it has letters of. vendor.lock.json holds the
package's integrity and the hash of each file as it lies in static/vendor.

    tools/vendor.py            fetch again; stop when a package changed under its version
    tools/vendor.py --update   fetch and accept new integrities (after editing vendor.json)
    tools/vendor.py --check    offline: every file is there and unchanged
"""

import argparse
import hashlib
import io
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
TARGET = HERE.parent / "static" / "vendor"
SPEC = HERE / "vendor.json"
LOCK = HERE / "vendor.lock.json"

# A manifest storage stops at a source map that is not there.
SOURCE_MAP = re.compile(rb"(/\*#|//#) sourceMappingURL=[^\s*]+( ?\*/)?\n?")


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def read_json(path: Path) -> dict:
    """Return a JSON file's content, or an empty dict where there is none."""
    return json.loads(path.read_text()) if path.exists() else {}


def problems() -> list[str]:
    """Return what differs between spec, lock and the files, in words."""
    spec, lock = read_json(SPEC), read_json(LOCK)
    found = [f"{package} is not locked." for package in spec if package not in lock]
    for entry in lock.values():
        for name, expected in entry["files"].items():
            path = TARGET / name
            if not path.exists():
                found.append(f"{name} is missing.")
            elif digest(path) != expected:
                found.append(f"{name} was changed by hand.")
    return found


def part_of(font: bytes, letters: str) -> bytes:
    """Return the part of a WOFF2 font that holds these letters ("U+0100-017F, U+1E9E")."""
    from fontTools import subset  # noqa: PLC0415 - --check runs without it

    options = subset.Options(layout_features=["*"], flavor="woff2")
    whole = subset.load_font(io.BytesIO(font), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=subset.parse_unicodes(letters.replace("U+", "")))
    subsetter.subset(whole)
    part = io.BytesIO()
    subset.save_font(whole, part, options)
    return part.getvalue()


def fetch(package: str, files: dict[str, str | dict[str, str]], known: str | None) -> dict:
    """Copy the wanted files of one npm package and return its lock entry.

    Stops before anything is copied when the integrity is not the `known` one.
    """
    with tempfile.TemporaryDirectory() as folder:
        command = ["npm", "pack", "--json", "--loglevel=silent", package]
        answer = json.loads(subprocess.check_output(command, cwd=folder))  # noqa: S603 - our own list
        meta = answer[0] if isinstance(answer, list) else next(iter(answer.values()))
        if known and known != meta["integrity"]:
            sys.exit(f"The integrity of {package} changed. Look why, then use --update.")
        hashes = {}
        with tarfile.open(next(Path(folder).glob("*.tgz"))) as archive:
            for source, name in files.items():
                member = archive.extractfile(f"package/{source}")
                if member is None:
                    sys.exit(f"{package} holds no file {source}.")
                content = member.read()
                parts = (
                    {name: content}
                    if isinstance(name, str)
                    else {into: part_of(content, letters) for into, letters in name.items()}
                )
                for target, part in parts.items():
                    path = TARGET / target
                    path.parent.mkdir(parents=True, exist_ok=True)
                    is_text = path.suffix in {".css", ".js", ".mjs"}
                    path.write_bytes(SOURCE_MAP.sub(b"", part) if is_text else part)
                    hashes[target] = digest(path)
    return {"integrity": meta["integrity"], "files": hashes}


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--update", action="store_true", help="accept new integrities")
    parser.add_argument("--check", action="store_true", help="compare the files only")
    options = parser.parse_args()
    if options.check:
        sys.exit("\n".join(problems()) or 0)
    old, new = read_json(LOCK), {}
    for package, files in read_json(SPEC).items():
        known = None if options.update else old.get(package, {}).get("integrity")
        new[package] = fetch(package, files, known)
    LOCK.write_text(json.dumps(new, indent=2, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
