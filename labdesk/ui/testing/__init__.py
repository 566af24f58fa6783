"""The bench and the measuring page."""
