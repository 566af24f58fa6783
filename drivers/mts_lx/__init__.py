"""MTS LX laser extensometers, read by command."""
