"""What a receiver at another speed sees of bytes on a serial line: the waveform of the sender, read with the receiver's clock.

A serial line is high when idle; a byte is a low start bit, its bits from the lowest, a parity bit if there is one, and high stop
bits. A receiver waits for a falling edge, looks into the middle of each bit by its own clock, and takes what it finds. With another
speed it finds other bytes, more or fewer of them; one whose stop bit is low is handed on all the same, as operating systems do.
"""

from __future__ import annotations

from labdesk.devices.manifest import LineSettings


def as_heard(data: bytes, line: LineSettings, receiver_baud: float) -> bytes:
    """The bytes that a receiver with ``receiver_baud`` and otherwise the same settings takes from ``data`` sent without a pause."""
    levels = _levels(data, line)
    per_sender, per_receiver = 1 / line.baud, 1 / receiver_baud
    frame = 1 + line.bytesize + (0 if line.parity == "N" else 1)
    found, at_s, end_s = bytearray(), 0.0, len(levels) * per_sender
    while (start_s := _falling_edge(levels, at_s, per_sender)) is not None:
        middles = (start_s + (bit + 0.5) * per_receiver for bit in range(frame + 1))
        start, *bits = [_level(levels, moment, per_sender) for moment in middles]
        if start:  # a spike shorter than half of our bit is no start
            at_s = start_s + per_receiver / 2
            continue
        found.append(sum(bit << place for place, bit in enumerate(bits[: line.bytesize])))
        # The receiver looks for the next edge from the middle of the stop bit on.
        at_s = start_s + (frame + 0.5) * per_receiver
        if at_s >= end_s:
            break
    return bytes(found)


def _levels(data: bytes, line: LineSettings) -> list[int]:
    """One level for each bit time of the sender."""
    levels = [1]
    for byte in data:
        bits = [byte >> place & 1 for place in range(line.bytesize)]
        parity = [] if line.parity == "N" else [sum(bits) % 2 ^ (line.parity == "O")]
        levels += [0, *bits, *parity, *([1] * line.stopbits)]
    return levels


def _level(levels: list[int], moment_s: float, per_bit_s: float) -> int:
    place = int(moment_s / per_bit_s)
    return levels[place] if place < len(levels) else 1


def _falling_edge(levels: list[int], from_s: float, per_bit_s: float) -> float | None:
    """The next moment at which the line goes from high to low; a line that is low already has its edge behind it."""
    place = int(from_s / per_bit_s + 1e-9)
    for index in range(max(1, place + 1), len(levels)):
        if levels[index - 1] and not levels[index]:
            return index * per_bit_s
    return None
