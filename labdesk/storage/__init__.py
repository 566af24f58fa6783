"""Tables, repositories, the unit of work, the outbox table and the append-only log, on SQLite and PostgreSQL alike."""
