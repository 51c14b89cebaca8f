"""How gunicorn serves the portal: `gunicorn -c python:iuc_portal.webserver iuc_portal.wsgi`.

Its command line and `WEB_CONCURRENCY` (the number of processes) go first.
"""

import os
from pathlib import Path
from typing import Any

from gunicorn.glogging import Logger

from iuc_portal.logs import TokenlessFormatter


class TokenlessLogger(Logger):
    """Gunicorn's own logs, of errors and of accesses, without the token of any link."""

    def setup(self, cfg: Any) -> None:
        """Set up the logs as gunicorn does, then give them our formatter."""
        super().setup(cfg)
        for log in (self.error_log, self.access_log):
            for handler in log.handlers:
                kept = handler.formatter
                handler.setFormatter(
                    TokenlessFormatter(
                        kept._fmt if kept else None,  # noqa: SLF001 - it has no other name
                        kept.datefmt if kept else None,
                    )
                )


def processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


# Pages cost processor time, so many more processes than processors would only wait for each other;
# one more works while another waits. Never one alone: a slow page must not hold up all.
workers = int(os.environ.get("WEB_CONCURRENCY") or processors() + 1)
# Threads take what waits: for the database, for a slow browser. Each holds a connection to the
# database, so workers x threads of them must be allowed there.
threads = 4
preload_app = True
graceful_timeout = 5
control_socket_disable = True
# The sign of life of a worker must not wait for a disk.
if Path("/dev/shm").is_dir():  # noqa: S108 - gunicorn makes a file of its own there
    worker_tmp_dir = "/dev/shm"  # noqa: S108
logger_class = TokenlessLogger
