"""Pages by audience: a city's workspace, the console's home, the mail outbox."""
