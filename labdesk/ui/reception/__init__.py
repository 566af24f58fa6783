"""The counter: a commission opens by its code, every piece is looked at and scanned, the papers are printed."""
