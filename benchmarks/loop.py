"""The measure of a machine at a moment: an empty loop."""

import time

LOOP_ROUNDS = 10_000_000


def time_empty_loop() -> float:
    """Return the CPU seconds of an empty loop of 10 million rounds."""
    started = time.process_time()
    for _ in range(LOOP_ROUNDS):
        pass
    return time.process_time() - started
