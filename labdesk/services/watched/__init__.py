"""Files and databases that makers' programs write: read as records, understood as tests, sealed as imported runs."""
