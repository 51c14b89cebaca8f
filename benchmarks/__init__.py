"""`make bench`: queries and CPU time of the busiest pages."""
