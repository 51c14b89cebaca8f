"""Forms on applications, by audience."""
