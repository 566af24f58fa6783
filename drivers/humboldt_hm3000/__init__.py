"""Humboldt HM-3000 loaders: raw data messages."""
