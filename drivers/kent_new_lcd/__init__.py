"""Kent controllers with the new LCD, streaming."""
