"""Keys: stored privately, certified by the root, good only in their time, rolled over and revoked."""

from __future__ import annotations

import os
import stat
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from labdesk.domain.errors import EnvironmentFault, OperatorError
from labdesk.evidence.certificates import Holder, check_certificate, issue_certificate, make_authority
from labdesk.evidence.documents import SignedDocument, read_document, sign_document, verify_document
from labdesk.evidence.keys import Ed25519Key, KeyUse, P256Key, ed25519_holds, key_id
from labdesk.evidence.keystore import FilePassphrase, KeyringPassphrase, KeyStore, passphrase_source
from labdesk.evidence.trust import (
    Revocation,
    Standing,
    certify_key,
    read_key_certificate,
    sign_trust_list,
)
from tests.helpers.trustworld import END, LAB_ID, LAB_NAME, NOW, START, ed25519, p256, record, world

DAY = timedelta(days=1)


def store(folder: Path) -> KeyStore:
    return KeyStore(folder / "keys", FilePassphrase(folder / "key-secret"))


def test_keys_survive_encrypted_and_private(tmp_path: Path) -> None:
    lab, pdf = Ed25519Key.generate(), P256Key.generate()
    store(tmp_path).save(lab)
    store(tmp_path).save(pdf)
    again = store(tmp_path)
    assert again.ids() == tuple(sorted((lab.key_id, pdf.key_id)))
    assert again.ed25519(lab.key_id).public_key == lab.public_key
    assert again.p256(pdf.key_id).public_key == pdf.public_key
    for path in (tmp_path / "keys" / f"{lab.key_id}.pem", tmp_path / "key-secret"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600 or os.name != "posix"
    text = (tmp_path / "keys" / f"{lab.key_id}.pem").read_text()
    assert "ENCRYPTED" in text
    assert sorted(item.suffix for item in (tmp_path / "keys").iterdir()) == [".pem", ".pem"]


def test_a_key_file_is_never_replaced(tmp_path: Path) -> None:
    key = Ed25519Key.generate()
    store(tmp_path).save(key)
    with pytest.raises(EnvironmentFault, match=r"evidence\.key_file"):
        store(tmp_path).save(key)
    assert store(tmp_path).ed25519(key.key_id).public_key == key.public_key


@pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX ones")
def test_a_key_others_can_read_is_refused(tmp_path: Path) -> None:
    key = Ed25519Key.generate()
    store(tmp_path).save(key)
    (tmp_path / "keys" / f"{key.key_id}.pem").chmod(0o644)
    with pytest.raises(EnvironmentFault, match="key_file_open"):
        store(tmp_path).ed25519(key.key_id)


def test_wrong_passphrase_wrong_kind_and_missing_key_are_said_in_words(tmp_path: Path) -> None:
    key = Ed25519Key.generate()
    store(tmp_path).save(key)
    other = KeyStore(tmp_path / "keys", FilePassphrase(tmp_path / "other-secret"))
    for attempt in (
        lambda: other.ed25519(key.key_id),
        lambda: store(tmp_path).p256(key.key_id),
        lambda: store(tmp_path).ed25519("00" * 8),
    ):
        with pytest.raises(EnvironmentFault, match=r"evidence\.key_file"):
            attempt()


def test_the_keyring_keeps_one_passphrase_and_its_failure_is_said() -> None:
    kept: dict[tuple[str, str], str] = {}
    source = KeyringPassphrase(
        "LabDesk", "lab", lambda s, a: kept.get((s, a)), lambda s, a, v: kept.__setitem__((s, a), v)
    )
    assert source.passphrase() == source.passphrase() != b""
    with pytest.raises(EnvironmentFault, match=r"evidence\.keyring"):
        KeyringPassphrase("LabDesk", "lab", lambda s, a: None, lambda s, a, v: None).passphrase()


def test_without_a_keyring_the_secret_file_serves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    source = passphrase_source(tmp_path, "lab")
    assert source.passphrase() == FilePassphrase(tmp_path / "key-secret").passphrase()


def test_a_certificate_stands_alone_under_the_pinned_root() -> None:
    w = world()
    lab = record(w.lab_key, KeyUse.REPORT_CODE)
    assert read_key_certificate(w.certificate(w.lab_key), [w.root.public_key]) == lab
    trust = w.bare().with_certificate(w.certificate(w.lab_key))
    assert trust.standing(w.lab_key.public_key, KeyUse.REPORT_CODE, NOW) is Standing.TRUSTED
    forger = ed25519(66)
    with pytest.raises(OperatorError, match="key_unknown"):
        w.bare().with_certificate(certify_key(lab, forger))


def test_a_certificate_for_another_key_than_its_id_says_is_refused() -> None:
    w = world()
    bent = replace(record(w.lab_key, KeyUse.REPORT_CODE), key_id=w.grant_key.key_id)
    with pytest.raises(OperatorError, match="code_malformed"):
        read_key_certificate(certify_key(bent, w.root), [w.root.public_key])


@pytest.mark.parametrize(
    ("use", "at", "standing"),
    [
        (KeyUse.REPORT_CODE, NOW, Standing.TRUSTED),
        (KeyUse.CODE_GRANT, NOW, Standing.WRONG_USE),
        (KeyUse.REPORT_CODE, START - DAY, Standing.NOT_YET_VALID),
        (KeyUse.REPORT_CODE, END + DAY, Standing.EXPIRED),
    ],
)
def test_a_key_is_good_for_one_use_in_its_time(use: KeyUse, at: object, standing: Standing) -> None:
    assert world().trust().standing(world().lab_key.public_key, use, at) is standing  # type: ignore[arg-type]


def test_retired_keys_keep_their_past_compromised_ones_do_not() -> None:
    w = world()
    retired = w.revoked(w.lab_key, NOW, Revocation.RETIRED)
    stolen = w.revoked(w.lab_key, NOW, Revocation.COMPROMISED)
    key = w.lab_key.public_key
    assert retired.standing(key, KeyUse.REPORT_CODE, NOW - DAY) is Standing.TRUSTED
    assert stolen.standing(key, KeyUse.REPORT_CODE, NOW - DAY) is Standing.DOUBTFUL
    for trust in (retired, stolen):
        assert trust.standing(key, KeyUse.REPORT_CODE, NOW) is Standing.REVOKED


def test_an_attached_certificate_does_not_bring_a_revoked_key_back() -> None:
    w = world()
    trust = w.revoked(w.lab_key, NOW, Revocation.COMPROMISED).with_certificate(w.certificate(w.lab_key))
    assert trust.standing(w.lab_key.public_key, KeyUse.REPORT_CODE, NOW + DAY) is Standing.REVOKED


def test_an_older_a_foreign_or_a_forged_trust_list_is_not_taken() -> None:
    w = world()
    trust = w.trust()
    with pytest.raises(OperatorError, match="list_older"):
        trust.updated(w.trust_list(w.records, number=6))
    assert trust.trust_list is not None
    with pytest.raises(OperatorError, match="list_platform"):
        trust.updated(sign_trust_list(replace(trust.trust_list, platform="other.example"), w.root))
    with pytest.raises(OperatorError, match="key_unknown"):
        trust.updated(sign_trust_list(trust.trust_list, ed25519(66)))
    assert trust.is_stale(NOW) is False
    assert trust.is_stale(END) is True
    assert w.bare().is_stale(NOW) is True


def test_roll_over_of_a_key_and_of_the_root() -> None:
    w = world()
    new_lab, new_root = ed25519(30), ed25519(31)
    old = replace(w.records[1], revoked_at=NOW, revocation=Revocation.RETIRED)
    records = (w.records[0], old, w.records[2], record(new_lab, KeyUse.REPORT_CODE))
    both = replace(w.bare(), roots=(w.root.public_key, new_root.public_key))
    known = w.trust().trust_list
    assert known is not None
    trust = both.updated(sign_trust_list(replace(known, number=9, keys=records), new_root))
    assert trust.standing(w.lab_key.public_key, KeyUse.REPORT_CODE, NOW - DAY) is Standing.TRUSTED
    assert trust.standing(new_lab.public_key, KeyUse.REPORT_CODE, NOW + DAY) is Standing.TRUSTED


def test_pdf_certificates_hold_only_under_the_pinned_authority_and_in_their_time() -> None:
    w = world()
    checked = check_certificate(w.pdf_certificate, (w.authority,), NOW)
    assert (checked.public_key, checked.lab_id, checked.name) == (w.pdf_key.public_key, LAB_ID, LAB_NAME)
    twin_key = p256(99)
    holder = Holder("示例监管平台 PDF 签名根", "jianguan.example.cn", START, END)
    twin = make_authority(twin_key, holder)
    forged = issue_certificate(twin_key, twin, w.pdf_key.public_key, Holder(LAB_NAME, LAB_ID, START, END))
    for der, at in ((forged, NOW), (w.pdf_certificate, END + DAY), (w.authority, NOW), (b"noise", NOW)):
        with pytest.raises(OperatorError, match="certificate_refused"):
            check_certificate(der, (w.authority,), at)


def test_documents_are_signed_as_what_they_are() -> None:
    key = ed25519(40)
    signed = sign_document({"limit_min": 20}, "region-profile", key)
    keys = {key.key_id: [key.public_key]}
    find = lambda identifier: keys.get(identifier, [])  # noqa: E731
    assert verify_document(read_document(signed.to_bytes()), "region-profile", find) == {"limit_min": 20}
    bent: list[tuple[SignedDocument, str]] = [
        (replace(signed, body='{"limit_min":30}'), "signature_wrong"),
        (replace(signed, signature=signed.signature.upper()), "signature_wrong"),
        (replace(signed, signature="zz"), "signature_wrong"),
        (replace(signed, key_id="00" * 8), "key_unknown"),
        (sign_document({}, "receipt", key), "document_kind"),
        (replace(sign_document({}, "receipt", key), kind="region-profile"), "signature_wrong"),
    ]
    for document, error in bent:
        with pytest.raises(OperatorError, match=error):
            verify_document(document, "region-profile", find)
    with pytest.raises(OperatorError, match="json_refused"):
        read_document(b'{"kind":"x"}')


def test_ids_are_of_the_public_key_and_bent_keys_never_hold() -> None:
    assert ed25519(3).key_id == key_id(ed25519(3).public_key)
    assert not ed25519_holds(b"short", b"x", b"y")
