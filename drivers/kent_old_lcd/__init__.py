"""Kent controllers with the old LCD."""
