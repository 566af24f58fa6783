"""The report QR: reads back, fits a QR, and no change of address, payload or key passes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labdesk.domain.errors import OperatorError
from labdesk.domain.verification import KeyValue
from labdesk.evidence.report_code import (
    CodeGrant,
    ReportClaims,
    is_report_code,
    key_id_of,
    make_qr_text,
    sign_grant,
    verify_grant,
    verify_qr_text,
)
from labdesk.evidence.trust import Revocation, Standing
from tests.helpers.trustworld import LAB_ID, NOW, PLATFORM, ed25519, world

CLAIMS = ReportClaims(
    PLATFORM,
    LAB_ID,
    "YK26-7F3K-9Q2M",
    "GJ-2026-00017",
    2,
    1,
    "2108002611200001",
    "ab" * 32,
    (KeyValue("ReL", "K4-0721", "435", "MPa", "PASS"), KeyValue("fcu", "", "35.2", "MPa", "NOT_EVALUATED")),
    "PASS",
    NOW.replace(microsecond=0),
)
TEXT = make_qr_text(CLAIMS, world().lab_key)


def test_it_reads_back_as_it_was_signed() -> None:
    verified = verify_qr_text(TEXT, world().trust())
    assert verified.claims == CLAIMS
    assert verified.standing is Standing.TRUSTED
    assert key_id_of(TEXT) == world().lab_key.key_id == verified.key_id
    assert TEXT.startswith("https://jianguan.example.cn/r/YK26-7F3K-9Q2M#")
    assert len(TEXT) < 520
    assert is_report_code(TEXT)
    assert not is_report_code("LDT:1:00")


@settings(max_examples=150)
@given(st.integers(0, len(TEXT) - 1), st.sampled_from("AaZz09-_/#.x"))
def test_no_changed_character_passes(position: int, character: str) -> None:
    bent = TEXT[:position] + character + TEXT[position + 1 :]
    if bent == TEXT:
        return
    with pytest.raises(OperatorError):
        verify_qr_text(bent, world().trust())


def test_a_fake_site_around_a_genuine_payload_is_named() -> None:
    with pytest.raises(OperatorError, match="code_address"):
        verify_qr_text(TEXT.replace(PLATFORM, "jianguan-cn.example.net"), world().trust())
    with pytest.raises(OperatorError, match="code_address"):
        verify_qr_text(TEXT.replace("YK26-7F3K-9Q2M", "YK26-7F3K-9Q2N"), world().trust())


def test_another_key_another_laboratory_another_platform() -> None:
    w = world()
    with pytest.raises(OperatorError, match="key_unknown"):
        verify_qr_text(make_qr_text(CLAIMS, ed25519(66)), w.trust())
    with pytest.raises(OperatorError, match="code_holder"):
        verify_qr_text(make_qr_text(replace(CLAIMS, lab_id="LN-YK-0001"), w.lab_key), w.trust())
    with pytest.raises(OperatorError, match="code_platform"):
        verify_qr_text(make_qr_text(replace(CLAIMS, platform="other.example"), w.lab_key), w.trust())


def test_a_revoked_key_signs_no_new_codes() -> None:
    w = world()
    trust = w.revoked(w.lab_key, NOW - timedelta(days=1), Revocation.RETIRED)
    assert verify_qr_text(TEXT, trust).standing is Standing.REVOKED


def test_the_platform_s_other_keys_do_not_sign_report_codes() -> None:
    w = world()
    text = make_qr_text(replace(CLAIMS, lab_id=PLATFORM), w.grant_key)
    assert verify_qr_text(text, w.trust()).standing is Standing.WRONG_USE


@given(st.text(max_size=100))
def test_noise_is_refused_in_words(text: str) -> None:
    with pytest.raises(OperatorError):
        verify_qr_text(text, world().trust())
    with pytest.raises(OperatorError):
        verify_qr_text(f"https://{PLATFORM}/r/ABCD#{text}", world().trust())


def test_the_grant_is_the_platform_s_word_for_these_data() -> None:
    w = world()
    grant = CodeGrant(PLATFORM, CLAIMS.code, LAB_ID, CLAIMS.report_no, 2, "ab" * 32, NOW.replace(microsecond=0))
    assert verify_grant(sign_grant(grant, w.grant_key), w.trust()) == (grant, Standing.TRUSTED)
    assert verify_grant(sign_grant(grant, w.lab_key), w.trust())[1] is Standing.WRONG_USE
    with pytest.raises(OperatorError, match="code_platform"):
        verify_grant(sign_grant(replace(grant, platform="x.example"), w.grant_key), w.trust())
    bent = bytearray(sign_grant(grant, w.grant_key))
    bent[-70] ^= 1
    with pytest.raises(OperatorError, match="signature_wrong"):
        verify_grant(bytes(bent), w.trust())
