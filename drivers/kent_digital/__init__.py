"""Kent controllers with a digital display."""
