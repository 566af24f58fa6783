"""Smallest sampling rate that still resolves the upper yield strength to the machine's accuracy.

The formulas are those of the annex of GB/T 228.1 / ISO 6892-1 on computer-controlled testing machines, written from memory and not
checked against the printed text: their result is a warning on the record, never a verdict, and a machine's own setting comes first.
"""

from __future__ import annotations

from decimal import Decimal

CLAUSE = "GB/T 228.1 A"


def by_stress_rate(rate_mpa_s: Decimal, r_eh_mpa: Decimal, accuracy_percent: Decimal) -> Decimal:
    """Samples a second at a stress rate: between two of them the stress rises by ``accuracy_percent`` of ReH at most."""
    return rate_mpa_s / (r_eh_mpa * accuracy_percent) * 100


def by_strain_rate(rate_per_s: Decimal, e_mpa: Decimal, r_eh_mpa: Decimal, accuracy_percent: Decimal) -> Decimal:
    """The same at a strain rate in the elastic part."""
    return by_stress_rate(rate_per_s * e_mpa, r_eh_mpa, accuracy_percent)
