"""Watched files and databases: the mapping assistant, and what was noticed of records."""
