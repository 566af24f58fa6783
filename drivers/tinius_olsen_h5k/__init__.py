"""Tinius Olsen H5K series bench machines, read only."""
