"""The second path to every worked example: plain fractions, written anew from the standards' formulas, no code in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from math import isqrt
from statistics import median
from types import SimpleNamespace
from typing import Any

Given = SimpleNamespace
Raw = Fraction | list[Fraction]
Path = Callable[[Any], Mapping[str, Raw]]


def mean(values: list[Fraction]) -> Fraction:
    """Arithmetic mean."""
    return sum(values, Fraction(0)) / len(values)


def middle(values: list[Fraction]) -> Fraction:
    """Median."""
    return Fraction(median(values))


def root(value: Fraction) -> Fraction:
    """Square root to forty digits."""
    scale = 10**80
    return Fraction(isqrt(value.numerator * scale // value.denominator), 10**40)


def by_group_of_three(values: list[Fraction], percent: int) -> Fraction:
    """Mean of three, or their median if one or both extremes lie too far from it (then the group is invalid anyway)."""
    low, mid, high = sorted(values)
    return mean(values) if max(high - mid, mid - low) * 100 <= mid * percent else mid


def reported(value: Fraction, step: str) -> str:
    """Rounded half to even to a step, as text with the step's decimals, in whole numbers only."""
    unit = Fraction(step)
    number, rest = divmod(value, unit)
    if rest * 2 > unit or (rest * 2 == unit and number % 2):
        number += 1
    decimals = len(step.rstrip("0").partition(".")[2]) if "." in step else 0
    whole = int(abs(number * unit) * 10**decimals)
    digits = str(whole).zfill(decimals + 1)
    text = digits if not decimals else f"{digits[:-decimals]}.{digits[-decimals:]}"
    return f"-{text}" if number < 0 else text


def given(inputs: Mapping[str, Any]) -> Given:
    """Inputs of an example: fractions, lists of fractions, or words."""

    def exact(text: str) -> Fraction | str:
        try:
            return Fraction(text)
        except ValueError:
            return text

    return SimpleNamespace(
        **{name: exact(v) if isinstance(v, str) else [exact(t) for t in v] for name, v in inputs.items()}
    )  # fmt: skip
