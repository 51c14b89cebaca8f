"""How gunicorn serves the portal: `gunicorn -c python:iuc_portal.webserver iuc_portal.wsgi`.

Its command line and `WEB_CONCURRENCY` (the number of processes) go first.
"""

import os
from pathlib import Path


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
