"""Mettler-Toledo continuous output, spoken by indicators of many makers."""
