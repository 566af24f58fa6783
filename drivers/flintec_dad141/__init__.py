"""Flintec / H&B DAD 141.1, LDU 78.1 and tecsis EZE30 load-cell amplifiers, ASCII protocol."""
