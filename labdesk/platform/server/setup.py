"""The platform's data folder: identity, keys, database; made once, opened ever after."""

from __future__ import annotations

import base64
import json
import os
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from labdesk.domain.clock import Clock, IdSource
from labdesk.domain.errors import EnvironmentFault, OperatorError
from labdesk.domain.profile import BUILT_IN
from labdesk.evidence.canonical import loads
from labdesk.evidence.certificates import Holder, make_authority
from labdesk.evidence.keys import Ed25519Key, KeyUse, P256Key
from labdesk.evidence.keystore import FilePassphrase, KeyStore
from labdesk.platform.api.context import Context
from labdesk.platform.rules.authority import DAILY_USES, Authority, PlatformIdentity
from labdesk.platform.storage.blobs import BlobFiles
from labdesk.platform.storage.store import Desk, Store

_HOST = re.compile(r"[a-z0-9.\-]{1,253}(:[0-9]{1,5})?")
_PREFIX = re.compile(r"[A-Z]{2}")
_FILE = "platform.json"
REFERENCE = PlatformIdentity("localhost", BUILT_IN.region, "YK")


@dataclass(frozen=True)
class Settings:
    """What the platform is started with.

    Attributes:
        folder: data folder; everything but a PostgreSQL database lies there.
        identity: who it is; counts only when the folder is new.
        database_url: empty = SQLite in the folder.
    """

    folder: Path
    identity: PlatformIdentity = REFERENCE
    database_url: str = ""

    @property
    def url(self) -> str:
        """Address of the database."""
        return self.database_url or f"sqlite:///{self.folder / 'platform.db'}"


def open_platform(settings: Settings, clock: Clock, ids: IdSource) -> Context:
    """The platform of a folder, made on first use with keys, authority, trust list and the built-in region profile.

    Raises:
        OperatorError: ``platform.bad_identity``.
        EnvironmentFault: ``platform.folder``, ``platform.schema_version``, ``platform.database`` or a key file's.
    """
    folder = settings.folder
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        authority = _authority(folder, settings.identity, clock.now())
    except OSError as error:
        raise EnvironmentFault("platform.folder", folder=folder.name, reason=str(error.strerror)) from error
    store = Store(settings.url, clock.now())
    context = Context(store, BlobFiles(folder / "blobs"), authority, clock, ids)
    store.write(lambda desk: _first_papers(context, desk))
    return context


def _authority(folder: Path, identity: PlatformIdentity, at: datetime) -> Authority:
    keys = KeyStore(folder / "keys", FilePassphrase(folder / "keys" / "key-secret"))
    path = folder / _FILE
    if not path.exists():
        _make(path, keys, identity, at)
    found = loads(path.read_bytes())
    try:
        uses = {KeyUse(name): keys.ed25519(identifier) for name, identifier in found["keys"].items()}
        return Authority(
            identity=PlatformIdentity(found["host"], found["region"], found["code_prefix"]),
            root=uses.pop(KeyUse.ROOT),
            daily=uses,
            pdf_key=keys.p256(found["pdf_key"]),
            pdf_certificate=bytes.fromhex(found["pdf_certificate"]),
        )
    except (KeyError, ValueError, TypeError) as error:
        raise EnvironmentFault("platform.folder", folder=folder.name, reason=f"{_FILE}: {error}") from error


def _make(path: Path, keys: KeyStore, identity: PlatformIdentity, at: datetime) -> None:
    if not _HOST.fullmatch(identity.host) or not _PREFIX.fullmatch(identity.code_prefix):
        raise OperatorError("platform.bad_identity", host=identity.host, prefix=identity.code_prefix)
    pdf_key = P256Key.generate()
    # An hour of grace: laboratories' clocks are not all right.
    holder = Holder(f"{identity.region} LabDesk CA", identity.host, at - timedelta(hours=1), at + timedelta(days=7300))
    content = {
        "host": identity.host,
        "region": identity.region,
        "code_prefix": identity.code_prefix,
        "keys": {use.value: keys.save(Ed25519Key.generate()) for use in (KeyUse.ROOT, *DAILY_USES)},
        "pdf_key": keys.save(pdf_key),
        "pdf_certificate": make_authority(pdf_key, holder).hex(),
    }
    partial = path.with_suffix(".new")
    partial.write_bytes(json.dumps(content, ensure_ascii=False, indent=1).encode("utf-8"))
    os.replace(partial, path)


def _first_papers(context: Context, desk: Desk) -> None:
    """Certify the platform's own keys, issue the first trust list and the built-in profile; later starts change nothing."""
    authority, now = context.authority, context.clock.now()
    known = {record.public_key for record in desk.labs.keys(authority.identity.host)}
    own = [(use, key) for use, key in authority.daily.items() if key.public_key.hex() not in known]
    for use, key in own:
        record = authority.certify(key.public_key, use, None, now)
        desk.labs.add_key(record, authority.certificate(record), now)
    if own or desk.labs.newest_trust_list()[0] == 0:
        issue_trust_list(context, desk)
    if not desk.records.profiles():
        desk.records.put_profile(BUILT_IN, authority.profile(BUILT_IN), now)


def issue_trust_list(context: Context, desk: Desk) -> bytes:
    """Issue the next trust list with all keys as they stand."""
    now = context.clock.now()
    number = desk.labs.newest_trust_list()[0] + 1
    data = context.authority.trust_list(desk.labs.keys(), number, now)
    desk.labs.add_trust_list(number, data, now)
    return data


def registration(context: Context) -> dict[str, str]:
    """What a laboratory or a verifier pins of this platform: host, root key, PDF authority, and the newest key list."""
    authority = context.authority
    newest = context.store.read(lambda desk: desk.labs.newest_trust_list()[1])
    return {
        "platform": authority.identity.host,
        "root_key": authority.root.public_key.hex(),
        "pdf_authority": authority.pdf_certificate.hex(),
        "trust_list": base64.b64encode(newest).decode("ascii"),
    }
