"""Sauter FH, FH-M and FL force gauges."""
