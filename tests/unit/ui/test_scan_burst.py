"""A scanner and a person are told apart by the times of the keys."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labdesk.domain.codes import CodeKind, format_code
from labdesk.ui.scan_burst import GAP_MS, MEDIAN_MS, STALL_MS, Burst, Judgement, could_be_scanned, is_closing

CODE = format_code(CodeKind.TAG, "YK210744081263")


def burst(text: str, *gaps: int) -> Burst:
    """Characters with the gaps between them; the last gap is repeated."""
    made, at = Burst(), 1000
    for index, character in enumerate(text):
        if index:
            at += gaps[min(index - 1, len(gaps) - 1)]
        made.add(character, at)
    return made


def test_a_scan_with_its_end_is_a_scan() -> None:
    assert burst(CODE, 5).judge(closed=True) is Judgement.SCAN


def test_a_scan_that_stalls_now_and_then_is_still_a_scan() -> None:
    assert burst(CODE, 5, 5, 5, 5, 5, 5, 140, 5).judge(closed=True) is Judgement.SCAN


@given(
    st.integers(MEDIAN_MS + 1, 400),
    st.text(st.characters(codec="ascii", min_codepoint=33, max_codepoint=126), min_size=1, max_size=40),
)
def test_nobody_who_types_slower_than_the_median_is_a_scanner(gap: int, text: str) -> None:
    assert burst(text, gap).judge(closed=True) is Judgement.TYPING


@pytest.mark.parametrize("text", ["ab", "2580", "rebar", "HRB400E"])
def test_a_few_rolled_over_keys_are_typing(text: str) -> None:
    assert burst(text, 12).judge(closed=True) is Judgement.TYPING
    assert burst(text, 12).judge(closed=False) is Judgement.TYPING


def test_eight_fast_characters_without_an_end_are_a_scan_cut_short() -> None:
    assert burst(CODE[:12], 5).judge(closed=False) is Judgement.CUT_SHORT


def test_the_beginning_of_our_code_with_an_end_is_cut_short() -> None:
    assert burst("LDT:Y", 5).judge(closed=True) is Judgement.CUT_SHORT


def test_few_fast_characters_after_a_cut_scan_are_its_rest() -> None:
    assert burst("63:A7", 5).judge(closed=True, rest=True) is Judgement.CUT_SHORT
    assert burst("63:A7", 5).judge(closed=True) is Judgement.TYPING


def test_patience_grows_only_inside_what_runs_like_a_scan() -> None:
    assert burst("a", 1).patience_ms == GAP_MS
    assert burst("abcd", 5).patience_ms == STALL_MS
    assert burst("abcd", 90).patience_ms == GAP_MS


def test_an_empty_burst_continues_nothing() -> None:
    assert not Burst().continues(0)


def test_a_clock_that_jumps_back_starts_anew() -> None:
    assert not burst("abcd", 5).continues(900)


def test_a_commit_brings_many_characters_at_one_time() -> None:
    made = Burst()
    made.add("ＬＤＴ：ＹＫ２１０７", 50)
    assert made.judge(closed=True) is Judgement.SCAN
    assert made.duration_ms == 0


@pytest.mark.parametrize("text", ["a", "Z9:-", "ＬＤ：", "https://x/r/1#a_b"])
def test_what_may_come_from_a_code(text: str) -> None:
    assert could_be_scanned(text)


@pytest.mark.parametrize("text", ["", " ", "钢", "a钢", "\t", "\x08", "é"])
def test_what_never_does(text: str) -> None:
    assert not could_be_scanned(text)


def test_ends() -> None:
    assert all(is_closing(end) for end in ("\r", "\n", "\t"))
    assert not is_closing("")
    assert not is_closing("\r\n")
