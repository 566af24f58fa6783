"""COSE_Sign1 against the published examples, and against everything a forger may bend."""

from __future__ import annotations

from collections.abc import Iterable

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labdesk.domain.errors import OperatorError
from labdesk.evidence import cose
from labdesk.evidence.keys import Ed25519Key, ed25519_holds

# cose-wg examples "eddsa-sig-01" and "sign-pass-02" (facts).
EDDSA_SEED = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
EDDSA_SIG_01 = (
    "D28445A201270300A10442313154546869732069732074686520636F6E74656E742E58407142FD2FF96D56DB85BEE905A76BA1D0"
    "B7321A95C8C4D3607C5781932B7AFB8711497DFA751BF40B58B3BCC32300B1487F3DB34085EEF013BF08F4A44D6FEF0D"
)
EXTERNAL_TO_BE_SIGNED = (
    "846A5369676E61747572653143A101264C11AA22BB33CC44DD5500669954546869732069732074686520636F6E74656E742E"
)
EXTERNAL_MESSAGE = (
    "D28443A10126A10442313154546869732069732074686520636F6E74656E742E5840EAE868ECC176883766C5DC5BA5B8DCA25DAB3C2E56A5"
    "51CE5705B793914348E155388B10C4F1B59A6733EAB416870A945111A4B2FBDBEF33A77234B1DEFF2F9B"
)
KEY = Ed25519Key.from_seed(b"\x05" * 32)
OTHER = Ed25519Key.from_seed(b"\x06" * 32)
CONTEXT = b"test/1"
MESSAGE = cose.sign1(cose.encode({1: "x"}), KEY, CONTEXT)


def known(identifier: str) -> Iterable[bytes]:
    return [key.public_key for key in (KEY, OTHER) if key.key_id == identifier]


def rebuilt(protected: object, unprotected: object, payload: bytes, tag: int = 18) -> bytes:
    head = cbor2.dumps(protected, canonical=True)
    signature = KEY.sign(cose.to_be_signed(head, CONTEXT, payload))
    return cbor2.dumps(cbor2.CBORTag(tag, [head, unprotected, payload, signature]), canonical=True)


def test_the_published_eddsa_message() -> None:
    key = Ed25519Key.from_seed(bytes.fromhex(EDDSA_SEED))
    parts = cose.split(bytes.fromhex(EDDSA_SIG_01))
    signed = cose.to_be_signed(parts.protected, b"", parts.payload)
    assert parts.payload == b"This is the content."
    assert key.sign(signed) == parts.signature
    assert ed25519_holds(key.public_key, parts.signature, signed)


def test_the_published_structure_with_external_data() -> None:
    parts = cose.split(bytes.fromhex(EXTERNAL_MESSAGE))
    external = bytes.fromhex("11aa22bb33cc44dd55006699")
    assert cose.to_be_signed(parts.protected, external, parts.payload).hex().upper() == EXTERNAL_TO_BE_SIGNED


def test_a_message_verifies_and_names_its_key() -> None:
    signed = cose.verify1(MESSAGE, known, CONTEXT)
    assert (cose.decode(signed.payload), signed.key_id, signed.public_key) == ({1: "x"}, KEY.key_id, KEY.public_key)
    assert cose.peek_key_id(MESSAGE) == KEY.key_id


def test_a_signature_over_one_kind_of_statement_is_none_over_another() -> None:
    with pytest.raises(OperatorError, match="signature_wrong"):
        cose.verify1(MESSAGE, known, b"test/2")


def test_a_key_that_only_claims_the_id_is_not_the_key() -> None:
    with pytest.raises(OperatorError, match="signature_wrong"):
        cose.verify1(MESSAGE, lambda _: [OTHER.public_key], CONTEXT)
    with pytest.raises(OperatorError, match="key_unknown"):
        cose.verify1(MESSAGE, lambda _: [], CONTEXT)


def test_colliding_key_ids_are_all_tried() -> None:
    assert cose.verify1(MESSAGE, lambda _: [OTHER.public_key, KEY.public_key], CONTEXT).public_key == KEY.public_key


@given(st.integers(0, len(MESSAGE) - 1), st.integers(1, 255))
def test_no_changed_byte_passes(position: int, change: int) -> None:
    bent = bytearray(MESSAGE)
    bent[position] ^= change
    with pytest.raises(OperatorError):
        cose.verify1(bytes(bent), known, CONTEXT)


KID = bytes.fromhex(KEY.key_id)


@pytest.mark.parametrize(
    "message",
    [
        MESSAGE + b"\x00",
        MESSAGE[:-1],
        MESSAGE[1:],
        b"",
        rebuilt({1: -8, 4: KID}, {}, b"\x00", tag=98),
        rebuilt({1: -7, 4: KID}, {}, b"\x00"),
        rebuilt({1: -8}, {4: KID}, b"\x00"),
        rebuilt({1: -8, 4: KID}, {5: b"x"}, b"\x00"),
        rebuilt({1: -8, 4: KID, 2: [4]}, {}, b"\x00"),
        rebuilt({1: -8, 4: KID[:4]}, {}, b"\x00"),
        rebuilt({1: -8, 4: KEY.key_id}, {}, b"\x00"),
        b"\xd2\x9f" + MESSAGE[2:] + b"\xff",
        bytes.fromhex("d81c81d81d00"),
        bytes.fromhex("d82341") + b"(",
        b"\x81" * 3000 + b"\x00",
        b"\x00" * 9000,
    ],
)
def test_other_forms_are_refused_even_when_signed(message: bytes) -> None:
    with pytest.raises(OperatorError, match="code_malformed"):
        cose.verify1(message, known, CONTEXT)


@pytest.mark.parametrize(
    "value", ["f93c00", "c074323031332d30332d32315432303a30343a30305a", "a201000100", "1800", "f7", "c24101"]
)
def test_payloads_that_decoders_forgive_are_refused(value: str) -> None:
    with pytest.raises(OperatorError, match="code_malformed"):
        cose.decode(bytes.fromhex(value))


@given(st.binary(max_size=80))
def test_noise_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(OperatorError):
        cose.verify1(data, known, CONTEXT)
    try:
        value = cose.decode(data)
    except OperatorError:
        return
    assert cose.encode(value) == data
