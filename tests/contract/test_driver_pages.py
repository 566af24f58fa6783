"""LabDesk listens: every driver has its page, and sends nothing that its page does not list.

What a device is asked stands in the page between backticks, as bytes (``3F 0D``) or as text without the characters that end a command
(``?``). A driver whose site types the request itself (the generic ones) lists what it sends by default; a preset of one shares its page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from labdesk.devices.driver import Driver
from labdesk.devices.registry import make_driver, manifests

PAGES = Path(__file__).parents[2] / "docs" / "drivers"
DRIVERS = [manifest.id for manifest in manifests()]
_QUOTED = re.compile(r"`([^`\n]+)`")
_ENDS = re.compile(rb"[\r\n]+")

MOVES = (b"u", b"d", b"s", b"c", b"l", b"e", b"WF", b"WR", b"WS", b"WV", b"WP", b"G-", b"g-", b"H", b"h")
"""Requests that would move one of the supported machines, or set its limits, if they went out alone."""


def page_of(driver_id: str) -> str:
    """The driver's own page, or that of the generic driver which names it as a preset."""
    own = PAGES / f"{driver_id}.md"
    generic = sorted(PAGES.glob("generic_*.md"))
    texts = [path.read_text(encoding="utf-8") for path in ([own] if own.is_file() else generic)]
    named = [text for text in texts if f"`{driver_id}`" in text]
    assert named, f"docs/drivers/{driver_id}.md is missing, or does not name `{driver_id}`"
    return named[0]


def requests(driver: Driver) -> set[bytes]:
    """Everything this driver may send with these settings, command by command."""
    poll = driver.poll()
    sent = (driver.opening(), *(poll.requests if poll is not None else ()))
    return {whole for whole in sent if whole}


def every_choice(driver_id: str) -> Iterator[Driver]:
    """The driver with its defaults, then with each choice of each setting."""
    default = make_driver(driver_id, {})
    yield default
    for name, setting in default.manifest.settings.items():
        for value in setting.allowed:
            yield make_driver(driver_id, {name: value})


def pairs_of_choices(driver_id: str) -> Iterator[Driver]:
    """The driver with every pair of choices of two settings: an address and what is asked there."""
    settings = list(make_driver(driver_id, {}).manifest.settings.items())
    for at, (name, setting) in enumerate(settings):
        for other_name, other in settings[at + 1 :]:
            for value in setting.allowed:
                for other_value in other.allowed:
                    yield make_driver(driver_id, {name: value, other_name: other_value})


def is_listed(request: bytes, listed: set[str]) -> bool:
    """Whether these bytes, or each command in them, stand in the page."""
    if request.hex(" ").upper() in listed:
        return True
    parts = [part for part in _ENDS.split(request) if part]
    return bool(parts) and all(
        part.hex(" ").upper() in listed or (part.isascii() and part.decode("ascii") in listed) for part in parts
    )


def unlisted(driver_id: str, page: str) -> set[bytes]:
    """What the driver may send and the page does not say."""
    listed = set(_QUOTED.findall(page))
    drivers = (*every_choice(driver_id), *pairs_of_choices(driver_id))
    return {sent for driver in drivers for sent in requests(driver) if not is_listed(sent, listed)}


@pytest.mark.parametrize("driver_id", DRIVERS)
def test_every_driver_has_its_page_in_both_languages(driver_id: str) -> None:
    page = page_of(driver_id)
    assert re.search("^## 中文", page, re.MULTILINE)
    assert re.search("^## English", page, re.MULTILINE)


@pytest.mark.parametrize("driver_id", DRIVERS)
def test_nothing_is_sent_that_the_page_does_not_list(driver_id: str) -> None:
    assert unlisted(driver_id, page_of(driver_id)) == set()


@pytest.mark.parametrize("driver_id", DRIVERS)
def test_no_request_is_one_that_moves_a_machine(driver_id: str) -> None:
    for driver in every_choice(driver_id):
        for request in requests(driver):
            assert not {part.strip() for part in _ENDS.split(request)} & set(MOVES)


def test_a_request_missing_in_the_page_is_found() -> None:
    page = page_of("mark10_gauge")
    assert unlisted("mark10_gauge", page.replace("`3F 0D`", "").replace("`?`", "")) == {b"?\r"}
    assert unlisted("mark10_gauge", "") == {b"?C\r", b"?\r"}


@pytest.mark.parametrize(
    ("request_bytes", "page", "found"),
    [
        (b"XAS\rXAG\r", "`XAS` then `XAG`", True),
        (b"XAS\rXAG\r", "`XAS`", False),
        (b"n", "the letter n", False),
        (b"n", "`6E`", True),
        (b"\x02AB03\x03", "`02 41 42 30 33 03`", True),
        (b"\r\n", "`0D`", False),
    ],
)
def test_what_counts_as_listed(request_bytes: bytes, page: str, found: bool) -> None:
    assert is_listed(request_bytes, set(_QUOTED.findall(page))) is found


def test_the_list_of_all_drivers_is_complete_and_no_prouder_than_the_manifests() -> None:
    text = (PAGES / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| \[(\w+)\]\(([\w.]+)\) \|[^|]*\|[^|]*\| (\w+)(, beta)? \|", text, re.MULTILINE)
    assert [row[0] for row in rows] == DRIVERS
    assert all((PAGES / row[1]).is_file() for row in rows)
    said = {row[0]: (row[2], bool(row[3])) for row in rows}
    assert said == {manifest.id: (manifest.maturity.value, manifest.beta) for manifest in manifests()}


def test_a_driver_without_a_page_is_found() -> None:
    with pytest.raises(AssertionError, match="is missing"):
        page_of("haishan_hs10")
