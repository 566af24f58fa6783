"""Sync with the regional platform: one thread, one lock, offline first; nothing on a screen ever waits for it."""
