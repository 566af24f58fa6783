"""The two tones differ, do not clip, and a computer without sound is no error."""

from __future__ import annotations

import itertools

import pytest

from labdesk.ui.sounds import Sounds, Tone, _stream, samples


@pytest.mark.parametrize("tone", list(Tone))
def test_tones_are_audible_and_unclipped(tone: Tone) -> None:
    wave = samples(tone)
    assert 8_000 < max(wave) < 32_767
    assert min(wave) > -32_768
    assert abs(wave[0]) < 100
    assert abs(wave[-1]) < 1_500


def test_good_is_higher_and_shorter_than_bad() -> None:
    def crossings(tone: Tone) -> float:
        wave = samples(tone)
        return sum(1 for a, b in itertools.pairwise(wave) if a < 0 <= b) / len(wave)

    assert crossings(Tone.OK) > 3 * crossings(Tone.BAD)
    assert len(samples(Tone.OK)) < len(samples(Tone.BAD))


def test_the_stream_ends_in_silence() -> None:
    stream = _stream(samples(Tone.OK))
    next(stream)
    length = len(samples(Tone.OK))
    assert len(stream.send(length)) == length
    assert set(stream.send(64)) == {0}


def test_it_plays_on_any_computer(monkeypatch: pytest.MonkeyPatch) -> None:
    import miniaudio

    real = miniaudio.PlaybackDevice

    def no_card(*args: object, backends: list[object], **options: object) -> object:
        if not backends:
            raise miniaudio.MiniaudioError("no sound card")
        return real(*args, backends=backends, **options)

    monkeypatch.setattr(miniaudio, "PlaybackDevice", no_card)
    sounds = Sounds()
    sounds.play(Tone.OK)
    sounds.play(Tone.BAD)
    assert sounds.enabled
    assert sounds.last is Tone.BAD
    sounds.close()


def test_without_even_the_null_device_it_stays_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    import miniaudio

    def never(*args: object, **options: object) -> object:
        raise miniaudio.MiniaudioError("nothing")

    monkeypatch.setattr(miniaudio, "PlaybackDevice", never)
    sounds = Sounds()
    sounds.play(Tone.BAD)
    assert not sounds.enabled
