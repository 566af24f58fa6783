"""Mitutoyo measuring tools with USB or RS-232 output."""
