"""Handheld serial scanners and code readers. No Qt: whole scans are handed to a callback."""
