"""Binary frames described by settings: the published frames of real controllers, numbers of every kind, settings refused."""

from __future__ import annotations

import struct
from decimal import Decimal

import pytest

from labdesk.devices.driver import Driver
from labdesk.devices.manifest import Check
from labdesk.devices.registry import make_driver, make_simulator
from labdesk.devices.specimens import Reading
from labdesk.domain.errors import OperatorError
from labdesk.domain.sentences import Language, say_error

GENERIC = "generic_binary_frame"
A9 = {
    "start": "02",
    "end": "03",
    "length": "12",
    "check": "xor_ascii",
    "check_from": "1",
    "value": "ascii@2+6",
    "value_quantum": "1",
    "sign": "@1=2D",
    "decimals": "@8-30",
    "sample": "02 2B 30 30 30 30 30 30 32 30 30 03",
}
METTLER = {
    "start": "02",
    "length": "18",
    "check": "twos_complement7",
    "value": "ascii@4+6",
    "value_quantum": "0.01",
    "unit": "kg",
    "sign": "@2&02",
    "invalid": "@2&04",
    "sample": "02 2C 30 20 30 31 32 33 34 35 30 30 30 30 30 30 0D 26",
}
OKE_UTM = {
    "start": "FD",
    "length": "9",
    "check": "sum8",
    "value": "u24le@4",
    "poll": "FD 07 11 00 00 00 00 00 15",
    "sample": "FD 07 11 00 00 00 00 00 00",
}
OKE_PRESS = {
    "start": "A5",
    "end": "5A",
    "length": "11",
    "check": "none",
    "value": "u24be@7",
    "value_quantum": "0.01",
    "sample": "A5 00 00 00 00 00 00 00 00 00 5A",
}
HUMBOLDT = {
    "start": "AF",
    "length": "u8@3+2",
    "check": "sum8",
    "check_from": "1",
    "value": "f32le@4",
    "value_quantum": "0.001",
    "unit": "kg",
    "max_length": "40",
    "sample": "AF 01 47 07 00 00 00 00 00",
}


def one(driver: Driver, raw: str) -> list[Decimal | None]:
    (frame,) = driver.new_decoder().feed(bytes.fromhex(raw))
    return [
        None if count is None else count * channel.quantum
        for count, channel in zip(frame.counts, driver.channels, strict=True)
    ]


@pytest.mark.parametrize(
    ("given", "raw", "kn"),
    [
        (A9, "02 2B 30 32 33 39 36 30 30 31 35 03", "23960"),
        (A9, "02 2D 30 30 31 32 33 34 32 31 42 03", "-12.34"),
        (METTLER, "02 2C 30 20 30 31 32 33 34 35 30 30 30 30 30 30 0D 26", "1.2106309425"),
        (OKE_UTM, "FD 07 11 00 39 30 00 00 7E", "12.345"),
        (OKE_PRESS, "A5 00 00 00 00 04 00 00 30 39 5A", "123.45"),
    ],
)
def test_published_frames(given: dict[str, str], raw: str, kn: str) -> None:
    assert one(make_driver(GENERIC, given), raw) == [Decimal(kn)]


def test_a_byte_tells_the_length_and_a_float_becomes_counts() -> None:
    driver = make_driver(GENERIC, HUMBOLDT)
    body = bytes((1, 0x47, 7)) + struct.pack("<f", 12.3456)
    raw = b"\xaf" + body + bytes((sum(body) % 256,))
    decoder = driver.new_decoder()
    (frame,) = decoder.feed(raw[:5]) + decoder.feed(raw[5:])
    assert frame.counts == (12346,)
    assert driver.channels[0].quantum == Decimal("0.00000980665")
    for odd in (float("nan"), float("inf"), 3e38):
        body = bytes((1, 0x47, 7)) + struct.pack("<f", odd)
        (frame,) = driver.new_decoder().feed(b"\xaf" + body + bytes((sum(body) % 256,)))
        assert frame.counts == (None,)


NUMBERS = [
    ("u8@2", "C8", 200),
    ("i8@2", "C8", -56),
    ("u16be@2", "0102", 258),
    ("i16le@2", "FEFF", -2),
    ("u24le@2", "010203", 0x030201),
    ("i24be@2", "FFFFFE", -2),
    ("u32be@2", "FFFFFFFF", 4_294_967_295),
    ("i32le@2", "FFFFFFFF", -1),
    ("bcdbe@2+3", "012345", 12345),
    ("bcdle@2+3", "452301", 12345),
    ("bcdbe@2+3", "01234A", None),
    ("ascii@2+4", "30313233", 123),
    ("ascii@2+4", "3031323A", None),
    ("f32be@2", "3FC00000", 1500),
]


@pytest.mark.parametrize(("value", "data", "count"), NUMBERS)
def test_numbers_of_every_kind(value: str, data: str, count: int | None) -> None:
    given = {"start": "AA55", "length": str(2 + len(data) // 2 + 1), "check": "xor", "value": value}
    raw = bytes.fromhex("AA55" + data)
    check = 0
    for byte in raw:
        check ^= byte
    decoder = make_driver(GENERIC, given).new_decoder()
    frames = decoder.feed(raw + bytes((check,)))
    assert [frame.counts for frame in frames] == ([] if count is None else [(count,)])
    assert decoder.counters.bad == (1 if count is None else 0)
    assert not make_driver(GENERIC, given).new_decoder().feed(raw + bytes((check ^ 1,)))


def test_overload_has_no_value_and_further_channels_stay() -> None:
    given = {
        "start": "7E",
        "length": "8",
        "check": "sum8",
        "value": "i16be@1",
        "value_quantum": "0.1",
        "unit": "N",
        "ext": "i16be@3",
        "disp": "u8@5",
        "disp_quantum": "0.5",
        "invalid": "@6&80",
    }
    driver = make_driver(GENERIC, given)
    assert [channel.name for channel in driver.channels] == ["force", "extension", "displacement"]
    body = bytes.fromhex("7E 0064 FFFE 03 00")
    assert one(driver, (body + bytes((sum(body) % 256,))).hex()) == [
        Decimal("0.0100"),
        Decimal("-0.002"),
        Decimal("1.5"),
    ]
    body = bytes.fromhex("7E 0064 FFFE 03 80")
    assert one(driver, (body + bytes((sum(body) % 256,))).hex())[0] is None


@pytest.mark.parametrize("given", [{}, A9, METTLER, OKE_UTM, OKE_PRESS, HUMBOLDT])
def test_the_simulated_device_says_what_the_driver_understands(given: dict[str, str]) -> None:
    driver, simulator = make_driver(GENERIC, given), make_simulator(GENERIC, given)
    raw = simulator.encode(Reading(12.34, 0.5, 0.25), 0, 0)
    (frame,) = driver.new_decoder().feed(raw)
    assert frame.raw == raw
    assert float((frame.counts[0] or 0) * driver.channels[0].quantum) == pytest.approx(12.34, abs=0.01)
    poll = driver.poll()
    assert simulator.polled == (poll is not None)
    if poll:
        assert simulator.answer(poll.requests[0]) == raw


@pytest.mark.parametrize(("check", "known"), [("none", Check.NONE), ("sum8", Check.SUM), ("crc16_modbus", Check.CRC16)])
def test_the_driver_tells_the_check_that_was_set(check: str, known: Check) -> None:
    assert make_driver(GENERIC, {"check": check}).check is known


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"start": "A"}, "start"),
        ({"start": "", "check": "none"}, "start"),
        ({"length": "7"}, "length"),
        ({"length": "65"}, "length"),
        ({"value": "u16@2"}, "value"),
        ({"value": "f16be@2"}, "value"),
        ({"value": "bcdbe@2"}, "value"),
        ({"value": "i32be@2+4"}, "value"),
        ({"value": "i32be@20"}, "length"),
        ({"value_quantum": "0"}, "value_quantum"),
        ({"value_quantum": "1.2.3"}, "value_quantum"),
        ({"unit": "stone"}, "unit"),
        ({"sign": "@1&00"}, "sign"),
        ({"value": "f32be@2", "decimals": "@5-30"}, "decimals"),
        ({"poll": "F"}, "poll"),
    ],
)
def test_a_setting_that_cannot_be_used_is_refused_with_one_sentence(given: dict[str, str], name: str) -> None:
    with pytest.raises(OperatorError) as refused:
        make_driver(GENERIC, given)
    for language in Language:
        sentence = say_error(refused.value, language)
        assert name in sentence
        assert "reason_" not in sentence


def test_a_sample_that_is_no_frame_is_refused() -> None:
    with pytest.raises(OperatorError, match="sample"):
        make_simulator(GENERIC, {"sample": "AA 55 00"})
