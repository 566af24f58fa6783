"""The sync page: what waits for the platform, what arrived, and what only a person can decide."""
