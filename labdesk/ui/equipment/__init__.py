"""The machines of the laboratory."""
