"""Runs with samples missing where they matter: the curve with its gap, and the decision."""
