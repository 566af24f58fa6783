"""Yaohua XK3190-A12 and A12E indicators, 15 bytes with an XOR check."""
