"""Dini Argeo DGT, DFW and related indicators, standard string."""
