"""One entry module per process, and the wiring: the only floor that knows every room."""
