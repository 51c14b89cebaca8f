"""Which cities should work together: the engine and the workspace around it."""

import os

# The products of the scores are narrow: sharing them among threads costs more than it gains, and
# threads that wait for each other hold up whatever else runs. Read when NumPy is first imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
