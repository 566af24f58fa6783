"""Canonical bytes: one meaning, one spelling; reading refuses everything that could mean two things."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labdesk.domain.errors import BugError, OperatorError
from labdesk.evidence.canonical import canonical_bytes, canonical_hash, loads, parse_canonical, sha256_hex

SAFE_TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | SAFE_TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(SAFE_TEXT, inner, max_size=4),
    max_leaves=12,
)


@dataclass(frozen=True)
class Sample:
    name: str
    force_kn: Decimal


def test_one_spelling_for_one_meaning() -> None:
    assert canonical_bytes({"b": [1, None, True], "a": "钢筋\n"}) == '{"a":"钢筋\\n","b":[1,null,true]}'.encode()
    assert canonical_bytes(Sample("x", Decimal("1.50"))) == b'{"force_kn":"1.50","name":"x"}'
    assert canonical_hash({}) == sha256_hex(b"{}")


@given(PLAIN)
def test_what_is_written_reads_back_and_is_canonical(value: Any) -> None:
    data = canonical_bytes(value)
    assert parse_canonical(data) == value
    assert loads(json.dumps(value, indent=1).encode()) == value


@pytest.mark.parametrize("value", [1.5, float("nan"), {"a": 0.1}, b"bytes", {"a": object()}, "\ud800"])
def test_what_has_no_one_spelling_is_not_written(value: Any) -> None:
    with pytest.raises(BugError):
        canonical_bytes(value)


@pytest.mark.parametrize(
    "data",
    [
        b'{"a":1,"a":2}',
        b'{"x":{"a":1,"a":1}}',
        b"1.0",
        b"1e3",
        b"NaN",
        b"Infinity",
        b"-0",
        b"9" * 50,
        b'"\xff"',
        b"{} {}",
        b"",
        b"[" * 5000 + b"]" * 5000,
        b"[" * 80 + b"]" * 80,
    ],
)
def test_ambiguous_or_hostile_json_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(OperatorError, match=r"evidence\.json_refused"):
        loads(data)


@pytest.mark.parametrize("data", [b'{"a": 1}', b'{"b":1,"a":1}', b'"\\u4e2d"', b"[1]\n", b'"\\ud800"'])
def test_bytes_that_are_not_canonical_are_refused(data: bytes) -> None:
    with pytest.raises(OperatorError, match=r"evidence\.json_refused"):
        parse_canonical(data)


def test_size_is_limited_before_parsing() -> None:
    with pytest.raises(OperatorError, match="bytes"):
        loads(b"[" + b" " * 100 + b"]", max_bytes=50)


@given(st.binary(max_size=60))
def test_noise_never_raises_anything_else(data: bytes) -> None:
    try:
        value = parse_canonical(data)
    except OperatorError:
        return
    assert canonical_bytes(value) == data
