"""Checkpoints: the published note of the Go checksum database verifies, ours reads back, and nothing bent passes."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from labdesk.domain.errors import BugError, OperatorError
from labdesk.evidence.checkpoint import (
    Checkpoint,
    NoteVerifier,
    cosign_note,
    open_checkpoint,
    open_note,
    sign_checkpoint,
    sign_note,
)

# Example published with the signed-note format (facts).
PUBLISHED_KEY = "ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PUBLISHED_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
PUBLISHED_NOTE = PUBLISHED_TEXT + (
    "\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)


def signer(name: str, seed: int) -> tuple[NoteVerifier, Ed25519PrivateKey]:
    key = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
    return NoteVerifier(name, key.public_key().public_bytes_raw()), key


LAB, LAB_KEY = signer("lab.example/log", 1)
PLATFORM, PLATFORM_KEY = signer("platform.example", 2)
HEAD = Checkpoint("lab.example/log", 17, b"\x07" * 32)


def test_the_published_note_verifies() -> None:
    published = NoteVerifier("PeterNeumann", base64.b64decode(PUBLISHED_KEY)[1:])
    assert published.key_hash().hex() == "c74f20a3"
    assert open_note(PUBLISHED_NOTE, (published,)) == (PUBLISHED_TEXT, ("PeterNeumann",))


def test_a_checkpoint_reads_back_with_both_signatures() -> None:
    note = cosign_note(sign_checkpoint(HEAD, LAB, LAB_KEY.sign), PLATFORM, PLATFORM_KEY.sign)
    assert note.startswith("lab.example/log\n17\nBwcHBwcH")
    assert open_checkpoint(note, (LAB, PLATFORM)) == (HEAD, (LAB.name, PLATFORM.name))
    assert open_checkpoint(note, (PLATFORM,))[1] == (PLATFORM.name,)


def test_another_size_under_the_same_signature_is_refused() -> None:
    note = sign_checkpoint(HEAD, LAB, LAB_KEY.sign)
    with pytest.raises(OperatorError, match=r"evidence\.note_refused"):
        open_checkpoint(note.replace("\n17\n", "\n18\n"), (LAB,))


def test_a_key_of_the_same_name_is_not_the_same_signer() -> None:
    forged = sign_checkpoint(HEAD, signer(LAB.name, 9)[0], signer(LAB.name, 9)[1].sign)
    with pytest.raises(OperatorError, match="no known signer"):
        open_checkpoint(forged, (LAB,))


@given(st.integers(0, 200), st.integers(1, 255))
def test_no_changed_character_passes(position: int, change: int) -> None:
    note = sign_checkpoint(HEAD, LAB, LAB_KEY.sign)
    at = position % len(note)
    bent = note[:at] + chr(ord(note[at]) ^ change) + note[at + 1 :]
    with pytest.raises(OperatorError):
        open_checkpoint(bent, (LAB,))


@given(st.text(max_size=300))
def test_noise_is_refused_in_words(text: str) -> None:
    with pytest.raises(OperatorError):
        open_checkpoint(text, (LAB,))


@pytest.mark.parametrize("text", ["x\n", "a\n01\n" + base64.b64encode(b"1" * 32).decode() + "\n", "a\n1\nAAAA\n"])
def test_a_signed_note_that_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(OperatorError):
        open_checkpoint(sign_note(text, LAB, LAB_KEY.sign), (LAB,))


def test_names_and_lines_that_would_break_the_format_are_our_mistake() -> None:
    with pytest.raises(BugError):
        sign_note("text\n", NoteVerifier("two words", LAB.public_key), LAB_KEY.sign)
    with pytest.raises(BugError):
        Checkpoint("two\nlines", 1, b"\0" * 32).text()
