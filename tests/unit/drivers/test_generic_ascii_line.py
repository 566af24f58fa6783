"""Text lines described by settings: real captures, the published formats of many makers, settings that cannot be used."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from labdesk.app.command import main
from labdesk.devices.driver import Driver
from labdesk.devices.registry import make_driver, make_simulator
from labdesk.devices.specimens import Reading
from labdesk.domain.errors import OperatorError
from labdesk.domain.sentences import Language, say_error
from tests.helpers.source import ROOT

CAPTURES = ROOT / "tests" / "data" / "serial-indicators"
GENERIC = "generic_ascii_line"


def values(driver: Driver, data: bytes) -> list[tuple[str | None, ...]]:
    """Decoded values as text, in the channels' own units."""
    quanta = [channel.quantum for channel in driver.channels]
    return [
        tuple(
            None if count is None else f"{(count * quantum).normalize():f}"
            for count, quantum in zip(frame.counts, quanta, strict=True)
        )
        for frame in driver.new_decoder().feed(data)
    ]


@pytest.mark.parametrize(
    ("preset", "name", "lines", "head", "tail"),
    [
        ("ohaus_defender3000", "DEFENDER3000__DEFENDER3000_hex.bin", {b"   0.360 kg    G\r\n": "360000"}, 6, 14),
        (
            "tscale_nhb",
            "TScaleNHB__NHB.bin",
            {b"ST,GS    20.7g  \r\n": "20700", b"US,GS    20.7g  \r\n": "20700"},
            14,
            0,
        ),
    ],
)
def test_captures_of_real_scales(preset: str, name: str, lines: dict[bytes, str], head: int, tail: int) -> None:
    """Every complete frame decodes to what a person reads in it; the cut ones at both ends are counted, nothing else is."""
    data = (CAPTURES / name).read_bytes()
    decoder = make_driver(preset, {}).new_decoder()
    frames = decoder.feed(data)
    decoder.flush()
    complete = data[head : len(data) - tail].split(b"\r\n")[:-1]
    assert [frame.raw for frame in frames] == [line + b"\r\n" for line in complete]
    assert {frame.raw: f"{Decimal(frame.counts[0] or 0) / 1000}" for frame in frames} == lines
    assert (decoder.counters.bad, decoder.counters.skipped_bytes) == (1, head + tail)


def test_a_capture_with_negative_and_unsteady_readings() -> None:
    """The text dump of the same scale, whose line ends lost their CR: 18-byte lines became 17."""
    data = (CAPTURES / "DEFENDER3000__DEFENDER3000_txt.txt").read_bytes().replace(b"\r\n", b"\n")
    driver = make_driver("ohaus_defender3000", {"terminator": "\\n", "length": "17"})
    expected = [line for line in data.split(b"\n") if len(line) == 16]
    found = values(driver, data)
    assert len(found) == len(expected)
    for line, (value,) in zip(expected, found, strict=True):
        assert Decimal(value or "x") == Decimal(line[:8].decode().replace(" ", "")) * 1000
    steady = make_driver("ohaus_defender3000", {"terminator": "\\n", "length": "17", "stable": " "})
    assert [value is None for (value,) in values(steady, data)] == [b"?" in line for line in expected]


def test_the_noise_of_switching_on_costs_no_frame() -> None:
    """Bytes of another scale of this kind (same source): four of noise, and the first line stands behind them."""
    line = b"     0.0 kg    G\r\n"
    decoder = make_driver("ohaus_defender3000", {}).new_decoder()
    frames = decoder.feed(b"\x00\x00\x7f\x7f" + line + b"    24.2 kg   ?G\r\n")
    assert [frame.counts for frame in frames] == [(0,), (24_200_000_000,)]
    assert (decoder.counters.bad, decoder.counters.skipped_bytes) == (0, 4)
    for doubled in range(len(line) - 2):
        frames = decoder.feed(line[:doubled] + line[doubled : doubled + 1] + line[doubled:])
        assert not frames, "a doubled character makes no other value"


def test_the_command_line_decodes_with_settings(capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        main(["decode", "--driver", "tscale_nhb", str(CAPTURES / "TScaleNHB__NHB.bin"), "--json", "--set", "stable=ST"])
        == 0
    )
    found = json.loads(capsys.readouterr().out)
    assert found["counters"]["good"] == 408
    assert [frame["mass_g"] for frame in found["frames"]].count(None) == 3


CASES = [
    # a scale with its last, unsure digit behind a stroke
    (
        {
            "pattern": "(?P<sign>[+-])(?P<force>[0-9.]{6})/(?P<more>[0-9]) G S",
            "terminator": "\\r\\n",
            "length": "15",
            "unit": "g",
        },
        b"+007.12/3 G S\r\n+009.36/0 G S\r\n",
        [("0.00006985276795",), ("0.000091790244",)],
    ),
    # a laboratory balance that prints its net weight
    (
        {"pattern": " {5}[N ] {0,9}(?P<force>-?[0-9]{1,4}[.][0-9]{4}) (?P<unit>g) {3}", "length": "26", "unit": "g"},
        b"     N       0.3749 g   \r\n     N       0.3747 g   \r\n",
        [("0.000003676513085",), ("0.000003674551755",)],
    ),
    # Mark-10, any unit: signs stand beside the number
    ({}, b"xx\r\n-18.78 lbF\r\n4.285 N\r\n", [(None,), ("0.004285",)]),
    ({"unit": "lbf"}, b"xx\r\n-18.78 lbF\r\n", [("-0.08353760193459219",)]),
    # Sauter FH: one character of direction, seven without an end
    (
        {
            "pattern": "(?P<sign>[01])(?P<force>[0-9.]{6})",
            "terminator": "",
            "length": "7",
            "negative": "0",
            "unit": "N",
        },
        b"0011.701021.15",
        [("-0.0117",), ("0.02115",)],
    ),
    # Weihai: F and seven characters, end $
    (
        {"pattern": "(?P<force>[ 0-9.+-]{7})[^$]{0,20}", "terminator": "$", "start": "F"},
        b"F0012.34ab$F-001.50$",
        [("12.34",), ("-1.5",)],
    ),
    # A&D, Dini: header, sign, kilograms used as force with g = 9.80665
    (
        {"pattern": "(?P<stable>ST|US),(NT|GS),(?P<sign>[+-])(?P<force>[0-9.]{7})(?P<unit>kg)", "unit": "kg"},
        b"\r\nST,NT,+0012.34kg\r\n",
        [("0.121014061",)],
    ),
    # Yaohua reversed: =000.3000 is 3.000
    (
        {"pattern": "(?P<force>[0-9.]{7,8}-?)", "start": "=", "order": "reversed", "terminator": "", "length": "9"},
        b"=000.3000=00.1000-",
        [("3",), ("-1",)],
    ),
    # Mitutoyo: an address before the value
    (
        {"pattern": "01A(?P<sign>[+-])(?P<force>[0-9.]{8})", "terminator": "\\r", "length": "13"},
        b"01A+0000.123\r",
        [("0.123",)],
    ),
    # Andilog Centor: force, tabulator, displacement; decimal comma
    (
        {
            "pattern": r"(?P<force>-?[0-9]{1,5},[0-9]{1,4})\t(?P<disp>-?[0-9]{1,5},[0-9]{1,4})",
            "decimal": ",",
            "unit": "N",
        },
        b"\r\n12,5\t-0,75\r\n12.5\t0,1\r\n",
        [("0.0125", "-0.75")],
    ),
    # units with names of their own
    ({"units": "Kgf=kg,KN=kN", "unit": "kN"}, b"\r\n1.5 KN\r\n1.5 Kgf\r\n1.5 kN\r\n", [("1.5",), (None,), (None,)]),
    # inches are exact
    (
        {"pattern": "(?P<force>[0-9.]{1,8});(?P<ext>[0-9.]{1,8})", "length_unit": "in"},
        b"\n\r\n1.0;0.0001\r\n",
        [("1", "0.00254")],
    ),
]


@pytest.mark.parametrize(("given", "data", "expected"), CASES)
def test_formats_of_many_makers(given: dict[str, str], data: bytes, expected: list[tuple[str | None, ...]]) -> None:
    assert values(make_driver(GENERIC, given), data) == expected


@pytest.mark.parametrize(
    ("name", "value", "word"),
    [
        ("pattern", "(", "regular expression"),
        ("pattern", "(?P<force>(a+)+)b", "too long"),
        ("pattern", "(?P<force>.*.*.*.*.*)x", "too long"),
        ("pattern", r"(?P<force>\d)(?P=force)", "too long"),
        ("pattern", "[0-9]+", "named group"),
        ("pattern", "(?P<mass>[0-9]+)", "named group"),
        ("pattern", "(?P<force>[0-9]+)(?P<speed>x)", "named group"),
        ("terminator", "\\q", "escapes"),
        ("terminator", "", "fixed length"),
        ("length", "2", "fixed length"),
        ("length", "80", "fixed length"),
        ("units", "KG", "text on the wire"),
        ("units", "KG=stone", "one of those"),
        ("unit", "stone", "one of those"),
        ("poll", "\\x1", "escapes"),
    ],
)
def test_a_setting_that_cannot_be_used_is_refused_with_one_sentence(name: str, value: str, word: str) -> None:
    with pytest.raises(OperatorError) as refused:
        make_driver(GENERIC, {name: value})
    sentence = say_error(refused.value, Language.EN)
    assert name in sentence
    assert word in sentence
    assert "reason_" not in say_error(refused.value, Language.ZH)


@pytest.mark.parametrize("sample", ["no field", "{force:200.1f}", "{force.__class__}", "{0}", "{force", "}{force}"])
def test_a_sample_line_has_fields_and_nothing_else(sample: str) -> None:
    with pytest.raises(OperatorError, match=r"drivers\.setting"):
        make_simulator(GENERIC, {"sample": sample})


def test_the_simulated_device_is_asked_or_started() -> None:
    reading = Reading(1.5, 0.2, 0.1)
    asked = make_simulator(GENERIC, {"poll": "?\\r"})
    asked.encode(reading, 0, 0)
    assert asked.polled
    assert (asked.answer(b"?\r?\r"), asked.answer(b"x")) == (b"1.50 kN\r\n" * 2, b"")
    started = make_simulator(GENERIC, {"opening": "STAT\\r"})
    assert started.polled
    started.answer(b"STAT\r")
    assert not started.polled
    driver = make_driver(GENERIC, {"opening": "STAT\\r", "period_ms": "50", "poll": "?"})
    poll = driver.poll()
    assert poll is not None
    assert (driver.opening(), poll.requests, poll.period_ms) == (b"STAT\r", (b"?",), 50)


def test_reversed_digits_and_negative_readings_go_round() -> None:
    given = {
        "pattern": "(?P<force>[0-9.]{8})(?P<sign>[- ])",
        "order": "reversed",
        "start": "=",
        "terminator": "\\r\\n",
        "sample": "={sign}{abs:08.2f}\\r\\n",
    }
    frame = make_simulator(GENERIC, given).encode(Reading(-12.34, 0.0), 0, 0)
    assert frame == b"=43.21000-\r\n"
    assert values(make_driver(GENERIC, given), frame) == [("-12.34",)]
