"""Modbus RTU by a register map: the published requests byte by byte, answers of every kind, maps refused."""

from __future__ import annotations

import struct
from decimal import Decimal

import pytest

from labdesk.devices.driver import Driver
from labdesk.devices.registry import make_driver, make_simulator
from labdesk.devices.specimens import Reading
from labdesk.domain.errors import OperatorError
from labdesk.domain.sentences import Language, say_error

GENERIC = "generic_modbus_rtu"


def crc(data: bytes) -> bytes:
    """Bit by bit as the specification has it, apart from the table in the kit."""
    value = 0xFFFF
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ 0xA001 if value & 1 else value >> 1
    return struct.pack("<H", value)


def answer(text: str) -> bytes:
    body = bytes.fromhex(text)
    return body + crc(body)


def read(driver: Driver, data: bytes) -> list[tuple[Decimal | None, ...]]:
    quanta = [channel.quantum for channel in driver.channels]
    return [
        tuple(None if count is None else count * quantum for count, quantum in zip(frame.counts, quanta, strict=True))
        for frame in driver.new_decoder().feed(data)
    ]


@pytest.mark.parametrize(
    ("driver_id", "given", "request_hex"),
    [
        ("flintec_dad141_modbus", {}, "01 03 20 02 00 02 6E 0B"),
        ("laumas_tlb_modbus", {}, "01 03 00 07 00 02 75 CA"),
        ("cas_ci600d_modbus", {}, "01 03 00 07 00 02 75 CA"),
        (GENERIC, {"first": "0x2002", "value": "f32@0"}, "01 03 20 02 00 02 6E 0B"),
        (GENERIC, {"first": "7"}, "01 03 00 07 00 02 75 CA"),
    ],
)
def test_the_published_requests(driver_id: str, given: dict[str, str], request_hex: str) -> None:
    driver = make_driver(driver_id, given)
    poll = driver.poll()
    assert poll is not None
    assert poll.requests == (bytes.fromhex(request_hex),)
    assert driver.opening() == b""


def test_kilograms_become_force_by_standard_gravity() -> None:
    driver = make_driver("laumas_tlb_modbus", {"value_quantum": "0.1"})
    assert read(driver, answer("01 03 04 00 00 27 10")) == [(Decimal("9.80665000"),)]
    driver = make_driver("flintec_dad141_modbus", {"unit": "kN"})
    assert read(driver, answer("01 03 04" + struct.pack(">f", 12.3456).hex())) == [(Decimal("12.346"),)]


@pytest.mark.parametrize(
    ("given", "block", "counts"),
    [
        ({"value": "i16@1"}, "0000 FFFE", (-2,)),
        ({"value": "u16@1"}, "0000 FFFE", (65534,)),
        ({"value": "i32@0"}, "FFFF FFFE", (-2,)),
        ({"value": "u32@0"}, "FFFF FFFE", (4294967294,)),
        ({"value": "i32@0", "word_order": "low_first"}, "0002 0001", (65538,)),
        ({"value": "f32@0", "word_order": "low_first"}, "0000 3FC0", (1500,)),
        ({"value": "f32@0"}, "7F80 0000", (None,)),
        ({"value": "f32@0"}, "7FC0 0001", (None,)),
    ],
)
def test_numbers_of_every_kind(given: dict[str, str], block: str, counts: tuple[int | None, ...]) -> None:
    frames = make_driver(GENERIC, given).new_decoder().feed(answer("01 03 04" + block))
    assert [frame.counts for frame in frames] == [counts]


def test_force_and_travel_in_one_block_and_a_status_that_must_be_good() -> None:
    given = {
        "address": "17",
        "function": "4",
        "first": "0x3300",
        "registers": "5",
        "value": "i32@0",
        "ext": "i32@2",
        "ext_quantum": "0.0001",
        "status": "@4&8001=0001",
    }
    driver = make_driver(GENERIC, given)
    poll = driver.poll()
    assert poll is not None
    assert poll.requests[0] == answer("11 04 33 00 00 05")
    assert [channel.name for channel in driver.channels] == ["force", "extension"]
    head = "11 04 0A 00000064 FFFFFFFF"
    assert read(driver, answer(head + "0003")) == [(Decimal("0.100"), Decimal("-0.0001"))]
    assert read(driver, answer(head + "8001") + answer(head + "0002")) == [(None, None)] * 2


def test_what_is_not_our_answer_is_no_value() -> None:
    decoder = make_driver(GENERIC, {}).new_decoder()
    ours = answer("01 03 04 00 00 00 05")
    others = [
        answer("01 03 00 00 00 02"),  # our own question, echoed by a two-wire adapter
        answer("01 83 02"),  # an exception
        answer("02 03 04 00 00 00 07"),  # another transmitter
        answer("01 03 02 00 07"),  # another block
        answer("01 04 04 00 00 00 07"),  # another function
        ours[:-1] + bytes((ours[-1] ^ 1,)),  # a wrong CRC
        ours[:-2] + ours[:-3:-1],  # CRC bytes swapped
    ]
    for noise in others:
        found = decoder.feed(noise + ours)
        assert [frame.counts for frame in found] == [(5,)]
    assert decoder.counters.skipped_bytes == sum(map(len, others))
    assert decoder.counters.bad == 2


@pytest.mark.parametrize("driver_id", [GENERIC, "flintec_dad141_modbus", "laumas_tlb_modbus", "cas_ci600d_modbus"])
def test_the_simulated_transmitter_answers_the_very_request(driver_id: str) -> None:
    driver, simulator = make_driver(driver_id, {}), make_simulator(driver_id, {})
    assert simulator.polled
    simulator.encode(Reading(12.34, 0.5), 0, 0)
    poll = driver.poll()
    assert poll is not None
    ((force,),) = read(driver, simulator.answer(poll.requests[0]))
    assert float(force or 0) == pytest.approx(12.34, abs=0.01)
    assert simulator.answer(answer("01 03 00 63 00 02")) == b""


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"address": "248"}, "address"),
        ({"address": "0"}, "address"),
        ({"registers": "126"}, "registers"),
        ({"first": "65535"}, "first"),
        ({"first": "0xZZ"}, "first"),
        ({"function": "16"}, "function"),
        ({"value": "i32@1"}, "value"),
        ({"value": "f16@0"}, "value"),
        ({"value_quantum": "0"}, "value_quantum"),
        ({"unit": "mm"}, "unit"),
        ({"status": "@9&0001=0001"}, "status"),
        ({"status": "@0&0001=0002"}, "status"),
        ({"disp": "i16@2"}, "disp"),
    ],
)
def test_a_map_that_cannot_be_used_is_refused_with_one_sentence(given: dict[str, str], name: str) -> None:
    with pytest.raises(OperatorError) as refused:
        make_driver(GENERIC, given)
    assert name in say_error(refused.value, Language.EN)
    assert name in say_error(refused.value, Language.ZH)
