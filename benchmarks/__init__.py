"""`make bench`: queries, time and memory of the busiest pages, with limits."""
