"""Memory: everything the application remembers, in SQLite or PostgreSQL."""
