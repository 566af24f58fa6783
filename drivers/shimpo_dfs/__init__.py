"""Shimpo DFS force gauges."""
