"""The demonstration: a made-up laboratory, project and commissions, in a database of its own, never mixed with real data."""
