"""Pages of the programme: for cities, and for staff by what they are about."""
