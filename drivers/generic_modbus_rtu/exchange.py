"""Questions and answers of a Modbus RTU line that somebody else asks: an answer's registers are known only from its question."""

from __future__ import annotations

from labdesk.devices.binary import crc16_modbus
from labdesk.devices.overheard import NO_ANSWER, UNFINISHED, Answer

from .protocol import MAX_REGISTERS, READ_HOLDING, READ_INPUT, RegisterMap

QUESTION = 8
EXCEPTION, EXCEPTION_SIZE = 0x80, 5


class ModbusExchange:
    """Any reading of registers; values come from answers that hold the whole block of the map, also inside a longer one."""

    needs_question = True
    checked = True

    def __init__(self, registers: RegisterMap) -> None:
        self._map = registers

    def question(self, buffer: bytearray, at: int) -> int | None:
        """A request for registers with a right CRC, of any address."""
        head = buffer[at : at + QUESTION]
        if len(head) > 1 and head[1] not in (READ_HOLDING, READ_INPUT):
            return 0
        if len(head) < QUESTION:
            return None
        whole = 1 <= int.from_bytes(head[4:6], "big") <= MAX_REGISTERS
        return QUESTION if whole and crc16_modbus(bytes(head[:-2])) == head[-2:] else 0

    def answer(self, question: bytes, buffer: bytearray, at: int) -> Answer:
        """The answer of the same address and function with as many registers as were asked for, or an exception."""
        if len(question) != QUESTION:
            return NO_ANSWER
        first, registers = int.from_bytes(question[2:4], "big"), int.from_bytes(question[4:6], "big")
        refusal = bytes((question[0], question[1] | EXCEPTION))
        head, size = bytes(buffer[at : at + 3]), 5 + 2 * registers
        if head[:2] == refusal:
            size = EXCEPTION_SIZE
        elif not (question[:2] + bytes((2 * registers,))).startswith(head) and not refusal.startswith(head):
            return NO_ANSWER
        if len(buffer) - at < size:
            return UNFINISHED
        raw = bytes(buffer[at : at + size])
        if crc16_modbus(raw[:-2]) != raw[-2:]:
            return NO_ANSWER
        if size == EXCEPTION_SIZE and raw[1] & EXCEPTION:
            return Answer(size)
        ours = self._map
        begin = ours.first - first
        if question[:2] != bytes((ours.address, ours.function)) or begin < 0 or begin + ours.registers > registers:
            return Answer(size)
        return Answer(size, (ours.frame(raw[3 + 2 * begin : 3 + 2 * (begin + ours.registers)], raw),))

    def forget(self) -> None:
        """Nothing waits: an answer holds all values."""
