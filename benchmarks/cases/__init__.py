"""What is measured. A case prepares its data and returns the request to repeat."""

from benchmarks.cases import city, console, public, sweep

# In the order of the table; the sweep comes last, as it adds rows of its own.
__all__ = ["city", "console", "public", "sweep"]
