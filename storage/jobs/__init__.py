"""Jobs: what several processes do on one PostgreSQL; the only door to procrastinate and its driver."""
