"""Balances that speak MT-SICS, for the mass of samples."""
