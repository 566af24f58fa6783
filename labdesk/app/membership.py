"""A laboratory's membership of a platform: address, token, pinned keys and its own certified keys, in one private file."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from labdesk.app.paths import Home
from labdesk.domain.errors import OperatorError
from labdesk.domain.plain import from_plain, to_plain
from labdesk.evidence.keys import Ed25519Key, KeyUse, P256Key
from labdesk.evidence.keystore import KeyStore, passphrase_source
from labdesk.evidence.trust import Trust, read_trust_list

ED25519_USES = (KeyUse.DOCUMENT, KeyUse.LOG, KeyUse.REPORT_CODE)


@dataclass(frozen=True)
class Membership:
    """What ties a laboratory to its platform.

    Attributes:
        url: where the platform answers.
        platform: host as printed in report addresses.
        lab_id, token: who we are there; the token is a secret.
        root_key, pdf_authority: pinned, hex.
        trust_list: newest known, base64.
        key_ids: use of a key to its id in the key store.
        certificates: COSE certificates of our keys by use, base64.
        pdf_certificate: X.509 certificate of our PDF key, DER hex.
    """

    url: str
    platform: str
    lab_id: str
    token: str = field(repr=False)
    root_key: str = ""
    pdf_authority: str = ""
    trust_list: str = ""
    key_ids: Mapping[str, str] = field(default_factory=dict)
    certificates: Mapping[str, str] = field(default_factory=dict)
    pdf_certificate: str = ""

    def trust(self) -> Trust:
        """What this laboratory trusts: the pinned root and the newest list it has seen."""
        root = bytes.fromhex(self.root_key)
        listed = read_trust_list(base64.b64decode(self.trust_list), (root,)) if self.trust_list else None
        authorities = (bytes.fromhex(self.pdf_authority),) if self.pdf_authority else ()
        return Trust(self.platform, (root,), listed, authorities)


def membership_file(home: Home) -> Path:
    """Where it is kept."""
    return home.folder / "platform.json"


def read_membership(home: Home) -> Membership | None:
    """The membership, or ``None`` before the laboratory joined a platform."""
    path = membership_file(home)
    if not path.exists():
        return None
    return from_plain(Membership, json.loads(path.read_text(encoding="utf-8")))


def write_membership(home: Home, membership: Membership) -> None:
    """Keep it, readable by the owner only; written beside and renamed."""
    path = membership_file(home)
    partial = path.with_suffix(".new")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(to_plain(membership), file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())
    os.replace(partial, path)


def key_store(home: Home) -> KeyStore:
    """The laboratory's private keys."""
    return KeyStore(home.keys, passphrase_source(home.keys, str(home.folder)))


def begin_membership(home: Home, url: str, registration: Mapping[str, Any]) -> dict[str, str]:
    """Make the laboratory's keys and keep the platform's registration file.

    Args:
        home: the laboratory's data folder.
        url: where the platform answers.
        registration: what ``labdesk platform add-lab`` printed.

    Returns:
        The public keys by use (hex), to be certified by the platform's operator.

    Raises:
        OperatorError: ``app.joined_already``.
    """
    if read_membership(home) is not None:
        raise OperatorError("app.joined_already", url=url)
    store = key_store(home)
    keys: dict[KeyUse, Ed25519Key | P256Key] = {use: Ed25519Key.generate() for use in ED25519_USES}
    keys[KeyUse.PDF] = P256Key.generate()
    names = {use.value: store.save(key) for use, key in keys.items()}
    known = {
        name: registration[name] for name in ("platform", "lab_id", "token", "root_key", "pdf_authority", "trust_list")
    }
    write_membership(home, Membership(url=url, key_ids=names, **known))
    return {use.value: key.public_key.hex() for use, key in keys.items()}


def complete_membership(home: Home, certified: Mapping[str, Any]) -> None:
    """Keep what ``labdesk platform certify`` printed; raises OperatorError ``app.not_joined``."""
    membership = read_membership(home)
    if membership is None:
        raise OperatorError("app.not_joined")
    complete = replace(membership, certificates=certified["certificates"], pdf_certificate=certified["pdf_certificate"])
    write_membership(home, complete)
