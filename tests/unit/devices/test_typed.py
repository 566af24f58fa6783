"""Typed bytes and patterns: what is taken, what is refused, and that nothing taken can take long."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labdesk.devices.typed import MAX_WAYS, hex_bytes, refuse, safe_pattern, typed_bytes
from labdesk.domain.errors import OperatorError
from labdesk.domain.sentences import Language, catalogue, say_error

LONGEST = 64


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", b""),
        ("ST\\r\\n", b"ST\r\n"),
        ("\\x02a\\\\\\t", b"\x02a\\\t"),
        ("[$]{}", b"[$]{}"),
        ("\\q", None),
        ("\\x1", None),
        ("\\", None),
        ("é", None),
        ("a\n", None),
    ],
)
def test_bytes_as_people_write_them(text: str, expected: bytes | None) -> None:
    assert typed_bytes(text) == expected


@given(st.binary(max_size=40))
def test_any_bytes_can_be_written(data: bytes) -> None:
    assert typed_bytes("".join(f"\\x{byte:02x}" for byte in data)) == data
    assert hex_bytes(data.hex(" ")) == data


def test_what_is_not_hexadecimal() -> None:
    assert (hex_bytes("0"), hex_bytes("0x02"), hex_bytes("GG")) == (None, None, None)


@pytest.mark.parametrize(
    "text",
    [
        r"(?P<force>-?[0-9]{1,6}(\.[0-9]{0,4})?) ?(kN|N|kg)",
        r"\s*(?P<force>[+-]?\s*\d+\.?\d*)\s*",
        r"^[^0-9]*(?P<force>[0-9.]+)[^0-9]*$",
        r"(a|b)*c",
        r"(ab|cd)+?x",
        r".{0,20}(?P<force>\d+)",
        r"(\d+,)*x",
        r"(?:\d+ )*x",
    ],
)
def test_patterns_of_instruments_are_taken(text: str) -> None:
    pattern, reason = safe_pattern(text, LONGEST)
    assert pattern is not None
    assert reason == ""


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("(", "pattern"),
        ("é", "pattern"),
        ("[z-a]", "pattern"),
        ("(a+)+b", "pattern_slow"),
        ("(a|a)*b", "pattern_slow"),
        ("(a*)*", "pattern_slow"),
        ("([a-z]+[0-9]?)*x", "pattern_slow"),
        ("(a?){30}a{30}", "pattern_slow"),
        (".*.*.*.*x", "pattern_slow"),
        ("(.*)(.*)(.*)(.*)(.*)x", "pattern_slow"),
        ("(?=a)a", "pattern_slow"),
        ("(?<!a)b", "pattern_slow"),
        (r"(a)\1", "pattern_slow"),
        ("(?i)abc", "pattern_slow"),
        ("(a|ab)(c|bcd)(d*)*", "pattern_slow"),
    ],
)
def test_what_could_take_long_is_refused(text: str, reason: str) -> None:
    assert safe_pattern(text, LONGEST) == (None, reason)


def _count_steps(text: str, line: bytes) -> int:
    """Steps of a plain backtracking matcher for the few operations below; what the measure promises to bound."""
    steps = 0

    def run(items: list[tuple[str, int, int]], at: int) -> bool:
        nonlocal steps
        steps += 1
        if not items:
            return at == len(line)
        (letters, least, most), *rest = items
        end = at
        while end < len(line) and end - at < most and chr(line[end]) in letters:
            end += 1
        return any(run(rest, stop) for stop in range(end, at + least - 1, -1))

    run(_items(text), 0)
    return steps


def _items(text: str) -> list[tuple[str, int, int]]:
    found = []
    for part in text.split("|"):
        letters, least, most = part.split(":")
        found.append((letters, int(least), int(most)))
    return found


_REPEATS = st.lists(
    st.tuples(st.sampled_from(["a", "ab", "b", "abc", "c"]), st.integers(0, 2), st.integers(2, 30)),
    min_size=1,
    max_size=5,
)


@settings(deadline=None)
@given(_REPEATS, st.text("abc", max_size=24))
def test_the_measure_bounds_the_work(repeats: list[tuple[str, int, int]], line: str) -> None:
    """For chains of repetitions: a matcher that tries everything needs no more steps than ways times places."""
    text = "".join(f"[{letters}]{{{least},{most}}}" for letters, least, most in repeats)
    longest = 24
    pattern, reason = safe_pattern(text, longest)
    if pattern is None:
        assert reason == "pattern_slow"
        return
    plain = "|".join(f"{letters}:{least}:{most}" for letters, least, most in repeats)
    assert _count_steps(plain, line.encode()) <= MAX_WAYS * (longest + 2) * len(repeats)


def test_a_refusal_is_one_sentence_in_both_languages() -> None:
    reasons = [key.removeprefix("drivers.reason_") for key in catalogue() if key.startswith("drivers.reason_")]
    assert len(reasons) > 5
    for reason in reasons:
        with pytest.raises(OperatorError) as refused:
            refuse("generic_x", "pattern", "(", reason)
        for language in Language:
            assert "reason_" not in say_error(refused.value, language)
