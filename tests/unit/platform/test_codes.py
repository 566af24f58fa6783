"""Report codes are checked, sayable and never given twice."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labdesk.domain.errors import BugError
from labdesk.platform.rules.codes import looks_right, new_code


@given(st.data())
def test_new_codes_look_right_and_one_slip_is_seen(data: st.DataObject) -> None:
    code = new_code("YK", 2026, lambda _: False, lambda alphabet: data.draw(st.sampled_from(alphabet)))
    assert looks_right(code)
    place = data.draw(st.sampled_from([i for i, c in enumerate(code) if c != "-" and i > 1]))
    other = data.draw(st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
    assert looks_right(code[:place] + other + code[place + 1 :]) is (other == code[place])


def test_a_code_given_before_is_passed_over() -> None:
    drawn = iter("AAAAAA" + "BBBBBB")
    first = new_code("YK", 2026, lambda _: False, lambda _: "A")
    code = new_code("YK", 2026, lambda found: found == first, lambda _: next(drawn))
    assert code.startswith("YK26-BBBB-BB")


def test_when_every_code_is_taken_it_says_so() -> None:
    with pytest.raises(BugError):
        new_code("YK", 2026, lambda _: True)


@pytest.mark.parametrize("text", ["", "YK26", "yk26-7f3k-92qd", "YK26-7F3K-92QD\n", "../../x", "YK26-7F3K-92Q"])
def test_other_text_is_no_code(text: str) -> None:
    assert not looks_right(text)
