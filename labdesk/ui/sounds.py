"""Two tones that tell a good scan from a bad one without looking. They are computed here; no sound card is no error."""

from __future__ import annotations

import array
import logging
import math
import sys
from collections.abc import Generator
from enum import StrEnum
from pathlib import Path
from threading import Lock
from typing import Any

_log = logging.getLogger(__name__)

_RATE = 44_100
_FADE_S = 0.008


class Tone(StrEnum):
    """What a tone says."""

    OK = "ok"
    BAD = "bad"


#: Frequencies in Hz (0 = silence) and durations in s: a rising pair is good, a low repeated one is bad.
_SCORES: dict[Tone, tuple[tuple[float, float], ...]] = {
    Tone.OK: ((880.0, 0.07), (1318.5, 0.11)),
    Tone.BAD: ((196.0, 0.18), (0.0, 0.06), (196.0, 0.26)),
}


def samples(tone: Tone) -> array.array[int]:
    """A tone as signed 16-bit mono samples at 44.1 kHz; each note fades in and out, so that nothing clicks."""
    made = array.array("h")
    for frequency, seconds in _SCORES[tone]:
        count = int(_RATE * seconds)
        for index in range(count):
            at = index / _RATE
            fade = min(1.0, at / _FADE_S, (seconds - at) / _FADE_S)
            wave = math.sin(2 * math.pi * frequency * at) + 0.25 * math.sin(4 * math.pi * frequency * at)
            made.append(int(max(0.0, fade) * wave * 0.45 * 32767))
    return made


class Sounds:
    """Plays the tones. The device opens at the first tone or with :meth:`prepare`, and falls back to miniaudio's null device."""

    def __init__(self, *, enabled: bool = True) -> None:
        self.enabled = enabled
        self._device: Any = None
        self._opening = Lock()
        self.last: Tone | None = None

    def play(self, tone: Tone) -> None:
        """Plays ``tone``, cutting the one before; returns at once and never raises."""
        self.last = tone
        if not self.enabled:
            return
        self.prepare()
        device = self._device
        if device is None:
            return
        device.stop()
        stream = _stream(samples(tone))
        next(stream)
        device.start(stream)

    def prepare(self) -> None:
        """Opens the device; may run on another thread, since it can take longer than a frame. Whoever comes meanwhile goes on."""
        if not self.enabled or self._device is not None or not self._opening.acquire(blocking=False):
            return
        try:
            self._open()
        finally:
            self._opening.release()

    def close(self) -> None:
        """Closes the device; joins its thread."""
        if self._device is not None:
            self._device.close()
            self._device = None

    def _open(self) -> None:
        import miniaudio  # late: the sign-in page does not need it

        options = {"output_format": miniaudio.SampleFormat.SIGNED16, "nchannels": 1, "sample_rate": _RATE}
        silent = [miniaudio.Backend.NULL]
        for backends in [silent] if _no_sound_card() else [[], silent]:
            try:
                self._device = miniaudio.PlaybackDevice(backends=backends, app_name="LabDesk", **options)
            except miniaudio.MiniaudioError as error:
                _log.info("no sound on %s: %s", backends or "this computer", error)
            else:
                return
        self.enabled = False


def _no_sound_card() -> bool:
    """Whether Linux says that there is none; asking ALSA would fill the terminal with its complaints."""
    if not sys.platform.startswith("linux"):
        return False
    cards = Path("/proc/asound/cards")
    try:
        return not cards.exists() or "no soundcards" in cards.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return True


def _stream(tone: array.array[int]) -> Generator[array.array[int], int, None]:
    """Feeds miniaudio: the tone first, silence after it."""
    wanted = yield array.array("h")
    position = 0
    while True:
        chunk = tone[position : position + wanted]
        position += wanted
        chunk.extend([0] * (wanted - len(chunk)))
        wanted = yield chunk
