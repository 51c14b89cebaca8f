"""Pages of staff on runs."""
