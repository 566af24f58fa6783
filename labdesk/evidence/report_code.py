"""The text in a report's QR: an address that a phone opens, with a signed payload that needs no network.

``https://<platform>/r/<code>#<base64url COSE>``. The fragment never reaches a server. The payload names the platform and the code
itself, so neither can be changed around it, and holds the key values, so that a genuine QR on a forged sheet is seen. The platform's grant
of the code for exactly these report data is a statement of its own, attached to the PDF.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NoReturn

from labdesk.domain.errors import OperatorError
from labdesk.domain.verification import KeyValue
from labdesk.evidence import cose
from labdesk.evidence.keys import KeyUse, Signer
from labdesk.evidence.trust import Standing, Trust

FORMAT = 1
MAX_TEXT = 2900
_CONTEXT = b"labdesk/report-code/1"
_GRANT = b"labdesk/code-grant/1"
_TEXT = re.compile(r"https://([a-z0-9.\-]{1,253}(?::[0-9]{1,5})?)/r/([0-9A-Z\-]{4,40})#([0-9A-Za-z_\-]+)")
# Keys of the payload map: 1, 3 and 6 as in CWT (issuer, audience, issued at), the others our own.
_FIELDS = (1, 3, 6, -1, -2, -3, -4, -5, -6, -7, -8, -9)


@dataclass(frozen=True)
class ReportClaims:
    """What the QR says.

    Attributes:
        platform: host of the platform, as in the address.
        replaces: issue this one replaces, 0 = none.
        data_hash: SHA-256 (hex) of the canonical report data.
        values: a few key values, as printed.
        verdict: verdict of the lot.
        issued_at: moment of issue, whole seconds.
    """

    platform: str
    lab_id: str
    code: str
    report_no: str
    issue_no: int
    replaces: int
    project_code: str
    data_hash: str
    values: tuple[KeyValue, ...]
    verdict: str
    issued_at: datetime


@dataclass(frozen=True)
class VerifiedClaims:
    """Claims whose signature holds, by which key, and the key's standing at the moment of issue."""

    claims: ReportClaims
    key_id: str
    standing: Standing


def is_report_code(text: str) -> bool:
    """Whether a scanned text looks like a report QR."""
    return "/r/" in text and text.lower().startswith(("https://", "http://"))


def make_qr_text(claims: ReportClaims, signer: Signer) -> str:
    """The text of the QR, signed with the laboratory's report-code key."""
    payload = cose.encode(_to_map(claims))
    fragment = base64.urlsafe_b64encode(cose.sign1(payload, signer, _CONTEXT)).rstrip(b"=").decode("ascii")
    text = f"https://{claims.platform}/r/{claims.code}#{fragment}"
    if not _TEXT.fullmatch(text) or len(text) > MAX_TEXT:
        _malformed("address")
    return text


def verify_qr_text(text: str, trust: Trust) -> VerifiedClaims:
    """What the QR text says, once its signature holds and its address agrees with it.

    Raises:
        OperatorError: ``evidence.code_malformed``, ``evidence.key_unknown``, ``evidence.signature_wrong``,
            ``evidence.code_address`` (the address around the payload is another one), ``evidence.code_platform`` (not
            the platform this verifier trusts) or ``evidence.code_holder`` (key of another laboratory).
    """
    host, code, message = _split(text)
    signed = cose.verify1(message, trust.ed25519_keys, _CONTEXT)
    claims = _from_map(cose.decode(signed.payload))
    if claims.platform != host or claims.code != code:
        raise OperatorError(
            "evidence.code_address", address=f"{host}/r/{code}", signed=f"{claims.platform}/r/{claims.code}"
        )
    if claims.platform != trust.platform:
        raise OperatorError("evidence.code_platform", platform=claims.platform, expected=trust.platform)
    record = trust.record_of(signed.public_key)
    if record is None or record.holder_id != claims.lab_id:
        raise OperatorError("evidence.code_holder", lab_id=claims.lab_id)
    return VerifiedClaims(claims, signed.key_id, record.standing(KeyUse.REPORT_CODE, claims.issued_at))


def key_id_of(text: str) -> str:
    """The key id a QR text names, nothing verified; raises OperatorError ``evidence.code_malformed``."""
    return cose.peek_key_id(_split(text)[2])


@dataclass(frozen=True)
class CodeGrant:
    """The platform's word: this code for these report data, at this moment."""

    platform: str
    code: str
    lab_id: str
    report_no: str
    issue_no: int
    data_hash: str
    granted_at: datetime


def sign_grant(grant: CodeGrant, signer: Signer) -> bytes:
    """The grant signed with the platform's code-grant key (COSE)."""
    return cose.sign1(
        cose.encode(
            {
                1: grant.platform,
                2: grant.code,
                3: grant.lab_id,
                4: grant.report_no,
                5: grant.issue_no,
                6: _seconds(grant.granted_at),
                7: bytes.fromhex(grant.data_hash),
            }
        ),
        signer,
        _GRANT,
    )


def verify_grant(data: bytes, trust: Trust) -> tuple[CodeGrant, Standing]:
    """The grant, once its signature holds, and the standing of the platform's key at that moment.

    Raises:
        OperatorError: ``evidence.code_malformed``, ``evidence.key_unknown``, ``evidence.signature_wrong`` or
            ``evidence.code_platform``.
    """
    signed = cose.verify1(data, trust.ed25519_keys, _GRANT)
    match cose.decode(signed.payload):
        case {
            1: str(platform),
            2: str(code),
            3: str(lab_id),
            4: str(report_no),
            5: int(issue_no),
            6: int(granted),
            7: bytes(data_hash),
            **rest,
        } if not rest and len(data_hash) == 32:
            pass
        case _:
            _malformed("grant")
    if platform != trust.platform:
        raise OperatorError("evidence.code_platform", platform=platform, expected=trust.platform)
    moment = _moment(granted)
    grant = CodeGrant(platform, code, lab_id, report_no, issue_no, data_hash.hex(), moment)
    return grant, trust.standing(signed.public_key, KeyUse.CODE_GRANT, moment)


def _to_map(claims: ReportClaims) -> dict[int, Any]:
    values = [[item.symbol, item.subject, item.value, item.unit, item.verdict] for item in claims.values]
    return dict(
        zip(
            _FIELDS,
            (
                claims.lab_id,
                claims.platform,
                _seconds(claims.issued_at),
                FORMAT,
                claims.code,
                claims.report_no,
                claims.issue_no,
                claims.replaces,
                claims.project_code,
                bytes.fromhex(claims.data_hash),
                values,
                claims.verdict,
            ),
            strict=True,
        )
    )


def _from_map(value: Any) -> ReportClaims:
    if not isinstance(value, dict) or set(value) != set(_FIELDS) or value[-1] != FORMAT:
        _malformed("payload")
    match [value[key] for key in _FIELDS]:
        case [
            str(lab_id),
            str(platform),
            int(issued),
            _,
            str(code),
            str(report_no),
            int(issue_no),
            int(replaces),
            str(project_code),
            bytes(data_hash),
            list(values),
            str(verdict),
        ] if len(data_hash) == 32:
            pass
        case _:
            _malformed("payload")
    return ReportClaims(
        platform,
        lab_id,
        code,
        report_no,
        issue_no,
        replaces,
        project_code,
        data_hash.hex(),
        tuple(_value(item) for item in values),
        verdict,
        _moment(issued),
    )


def _value(item: Any) -> KeyValue:
    if not isinstance(item, list) or len(item) != 5 or not all(isinstance(part, str) for part in item):
        _malformed("values")
    return KeyValue(*item)


def _split(text: str) -> tuple[str, str, bytes]:
    match = _TEXT.fullmatch(text) if len(text) <= MAX_TEXT else None
    if match is None:
        _malformed("address")
    fragment = match.group(3)
    try:
        data = base64.urlsafe_b64decode(fragment + "=" * (-len(fragment) % 4))
    except (binascii.Error, ValueError):
        _malformed("base64")
    if base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii") != fragment:
        _malformed("base64")
    return match.group(1), match.group(2), data


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def _moment(seconds: int) -> datetime:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        _malformed("moment")


def _malformed(reason: str) -> NoReturn:
    raise OperatorError("evidence.code_malformed", reason=reason)
