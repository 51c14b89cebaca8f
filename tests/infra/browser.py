"""A Chromium for the journeys: one that is installed, Debian's, or Playwright's own."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.infra.processes import Missing, is_root

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
    "chrome",
    "microsoft-edge",
)
MAC_APPS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
# What it is started with.
FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Names of other machines are not even looked up.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]


def find_browser() -> str | None:
    """Return the path of a Chromium that starts, or None. BROWSER_PATH goes first."""
    candidates = [os.environ.get("BROWSER_PATH"), *map(shutil.which, NAMES), *MAC_APPS]
    candidates += [str(path) for path in _playwright_browsers()]
    return next((path for path in candidates if path and _starts(path)), None)


def get_browser() -> str:
    """Return the path of a Chromium, installing one if there is none."""
    found = find_browser()
    if found:
        return found
    if is_root() and shutil.which("apt-get"):
        print("No browser found: installing Debian's Chromium …", flush=True)
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for arguments in (
            ["update", "-qq"],
            ["install", "-y", "-qq", "--no-install-recommends", "chromium"],
        ):
            subprocess.run(
                ["apt-get", *arguments],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                check=False,
            )
        found = find_browser()
    if not found:
        print("No browser found: Playwright downloads its own Chromium …", flush=True)
        subprocess.run(
            [sys.executable, "-m", "playwright", "install", "chromium"],
            stdin=subprocess.DEVNULL,
            check=False,
        )
        found = find_browser()
    if not found:
        message = (
            "A browser: no Chromium was found and none could be installed. Install Chromium or "
            "Chrome, or name one: BROWSER_PATH=/path/to/chromium"
        )
        raise Missing(message)
    return found


def _playwright_browsers() -> list[Path]:
    """Return what `playwright install` has put into its folder, newest first."""
    folder = os.environ.get("PLAYWRIGHT_BROWSERS_PATH")
    places = [Path(folder)] if folder else []
    places += [Path.home() / ".cache/ms-playwright", Path.home() / "Library/Caches/ms-playwright"]
    patterns = ("chromium-*/chrome-linux*/chrome", "chromium-*/chrome-mac*/*.app/Contents/MacOS/*")
    return sorted(
        (path for place in places for pattern in patterns for path in place.glob(pattern)),
        reverse=True,
    )


def _starts(path: str) -> bool:
    """Tell whether it answers to --version; Ubuntu's stub without its snap does not."""
    try:
        result = subprocess.run(
            [path, "--version"], capture_output=True, text=True, check=False, timeout=30
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return result.returncode == 0 and "." in result.stdout
