"""Weihai press and universal machine controllers, asked by a letter."""
