"""What the operator does: register laboratories, import projects and commissions, void tags, withdraw reports, manage access.

Project codes come from the province and are imported; nothing here makes one (LN-3.1). Everything a laboratory has to know of
is offered in its inbox in the same transaction.
"""

from __future__ import annotations

import base64
import binascii
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from argon2 import PasswordHasher

from labdesk.domain.commission import Commission, TagState
from labdesk.domain.errors import OperatorError
from labdesk.domain.people import Laboratory
from labdesk.domain.profile import RegionProfile
from labdesk.domain.projects import Project
from labdesk.domain.reporting import IssueState
from labdesk.domain.sync_ports import InboxKind
from labdesk.evidence.canonical import loads
from labdesk.evidence.keys import KeyUse
from labdesk.evidence.trust import Revocation
from labdesk.platform.api.context import Context
from labdesk.platform.api.routes import token_hash
from labdesk.platform.server.offers import Offers
from labdesk.platform.storage.store import Desk
from labdesk.wire.codec import read_as, require_token

MIN_PASSWORD = 10


@dataclass(frozen=True)
class Registration:
    """What a laboratory gets, to be handed over as one file; ``token`` is a secret and kept here only as a hash.

    Attributes:
        platform: host as printed in report addresses.
        lab_id: the laboratory's id.
        token: bearer token.
        root_key: the platform's root public key, hex, to be pinned.
        pdf_authority: certificate of the PDF authority (DER, hex), to be pinned.
        trust_list: newest trust list, base64.
    """

    platform: str
    lab_id: str
    token: str
    root_key: str
    pdf_authority: str
    trust_list: str


@dataclass(frozen=True)
class CertifiedKeys:
    """Certificates of a laboratory's keys: COSE per use (base64), and the X.509 certificate for PDFs (DER, hex)."""

    certificates: Mapping[str, str]
    pdf_certificate: str


@dataclass(frozen=True)
class CommissionFor:
    """A commission and the laboratory it goes to."""

    lab_id: str
    commission: Commission


@dataclass(frozen=True)
class ImportFile:
    """What ``labdesk platform import`` reads.

    Attributes:
        projects: records under their project codes.
        commissions: with their tags; a tag must be new.
        blobs: photos of sampling, base64; commissions name them by hash.
        void_tags: tag -> reason.
    """

    projects: tuple[Project, ...] = ()
    commissions: tuple[CommissionFor, ...] = ()
    blobs: tuple[str, ...] = ()
    void_tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Imported:
    """How much of an import was new."""

    projects: int
    commissions: int
    tags: int
    blobs: int
    void_tags: int


def add_lab(context: Context, lab: Laboratory) -> Registration:
    """Register a laboratory and offer it profile and trust list.

    Raises:
        OperatorError: ``platform.exists`` for an id that is taken, ``wire.shape`` for one that cannot be an id.
    """
    require_token(lab.id, "lab_id")
    token, now = secrets.token_urlsafe(32), context.clock.now()

    def work(desk: Desk) -> bytes:
        desk.labs.add(lab, now)
        desk.labs.add_token(lab.id, token_hash(token), now)
        for profile, document in desk.records.profiles():
            Offers(context, desk).profile(lab.id, profile, document)
        Offers(context, desk).trust(lab.id)
        return desk.labs.newest_trust_list()[1]

    trust_list = context.store.write(work)
    return _registration(context, lab.id, token, trust_list)


def renew_token(context: Context, lab_id: str) -> Registration:
    """A new token; all earlier ones end at once."""
    token, now = secrets.token_urlsafe(32), context.clock.now()

    def work(desk: Desk) -> bytes:
        _known_lab(desk, lab_id)
        desk.labs.end_tokens(lab_id, now)
        desk.labs.add_token(lab_id, token_hash(token), now)
        return desk.labs.newest_trust_list()[1]

    return _registration(context, lab_id, token, context.store.write(work))


def certify_keys(context: Context, lab_id: str, public_keys: Mapping[KeyUse, bytes]) -> CertifiedKeys:
    """Certify a laboratory's public keys, and tell every laboratory through a new trust list.

    Raises:
        OperatorError: ``platform.unknown_lab``, ``platform.bad_key``, or ``platform.exists`` for a key known already.
    """
    authority, now = context.authority, context.clock.now()

    def work(desk: Desk) -> CertifiedKeys:
        lab = _known_lab(desk, lab_id)
        certificates = {}
        for use, public_key in public_keys.items():
            record = authority.certify(public_key, use, lab, now)
            certificate = authority.certificate(record)
            desk.labs.add_key(record, certificate, now)
            certificates[use.value] = base64.b64encode(certificate).decode("ascii")
        Offers(context, desk).new_trust()
        pdf_key = public_keys.get(KeyUse.PDF)
        pdf = authority.pdf_certificate_for(pdf_key, lab, now).hex() if pdf_key else ""
        return CertifiedKeys(certificates, pdf)

    return context.store.write(work)


def end_key(context: Context, public_key: bytes, revocation: Revocation) -> None:
    """Retire a key or declare it compromised, and tell every laboratory."""

    def work(desk: Desk) -> None:
        desk.labs.end_key(public_key.hex(), revocation, context.clock.now())
        Offers(context, desk).new_trust()

    context.store.write(work)


def publish_profile(context: Context, profile: RegionProfile) -> bytes:
    """Sign an edition of the region profile and offer it to every laboratory; returns the signed document."""

    def work(desk: Desk) -> bytes:
        document = context.authority.profile(profile)
        desk.records.put_profile(profile, document, context.clock.now())
        for lab_id in desk.labs.ids():
            Offers(context, desk).profile(lab_id, profile, document)
        return document

    return context.store.write(work)


def read_import(data: bytes) -> ImportFile:
    """An import file from its JSON bytes; raises OperatorError ``wire.shape`` or ``evidence.json_refused``."""
    return read_as(ImportFile, loads(data))


def import_records(context: Context, file: ImportFile) -> Imported:
    """Import everything in one transaction, or nothing; what is known exactly so already is passed over.

    Raises:
        OperatorError: ``platform.unknown_lab``, ``platform.unknown_project``, ``platform.commission_differs``,
            ``platform.tag_taken``, ``platform.unknown_tag``, ``platform.bad_blob``.
    """
    stored = [context.blobs.put(data) for data in _decoded(file.blobs)]

    def work(desk: Desk) -> Imported:
        changed = [project for project in file.projects if desk.records.put_project(project, context.clock.now())]
        for project in changed:
            Offers(context, desk).project_again(project)
        added = [_import_commission(context, desk, item) for item in file.commissions]
        for tag, reason in file.void_tags.items():
            _void(context, desk, tag, reason)
        tags = [count for count in added if count is not None]
        return Imported(len(changed), len(tags), sum(tags), len(stored), len(file.void_tags))

    return context.store.write(work)


def void_tag(context: Context, tag: str, reason: str) -> None:
    """Declare a tag void and tell its laboratory; raises OperatorError ``platform.unknown_tag``, ``platform.exists``."""
    context.store.write(lambda desk: _void(context, desk, tag, reason))


def withdraw_report(context: Context, code: str, reason: str) -> None:
    """Withdraw a report; its page says so from now on. Raises OperatorError ``platform.unknown_code``, ``platform.exists``."""

    def work(desk: Desk) -> None:
        if desk.reports.standing(code).state is IssueState.UNKNOWN:
            raise OperatorError("platform.unknown_code", code=code)
        desk.reports.withdraw(code, reason, context.clock.now())

    context.store.write(work)


def put_operator(context: Context, name: str, password: str) -> None:
    """Add an operator of the web site or give a new password; raises OperatorError ``platform.weak_password``."""
    if len(password) < MIN_PASSWORD:
        raise OperatorError("platform.weak_password", length=MIN_PASSWORD)
    hashed = PasswordHasher().hash(password)
    context.store.write(lambda desk: desk.access.put_operator(name, hashed, context.clock.now()))


def _decoded(blobs: Sequence[str]) -> list[bytes]:
    try:
        return [base64.b64decode(blob, validate=True) for blob in blobs]
    except (binascii.Error, ValueError) as error:
        raise OperatorError("platform.bad_blob", reason=str(error)) from error


def _known_lab(desk: Desk, lab_id: str) -> Laboratory:
    lab = desk.labs.get(lab_id)
    if lab is None:
        raise OperatorError("platform.unknown_lab", lab=lab_id)
    return lab


def _registration(context: Context, lab_id: str, token: str, trust_list: bytes) -> Registration:
    authority = context.authority
    return Registration(
        platform=authority.identity.host,
        lab_id=lab_id,
        token=token,
        root_key=authority.root.public_key.hex(),
        pdf_authority=authority.pdf_certificate.hex(),
        trust_list=base64.b64encode(trust_list).decode("ascii"),
    )


def _import_commission(context: Context, desk: Desk, item: CommissionFor) -> int | None:
    """Number of tags registered, ``None`` for a commission known exactly so."""
    commission, now = item.commission, context.clock.now()
    _known_lab(desk, item.lab_id)
    project = desk.records.project(commission.project_code)
    if project is None:
        raise OperatorError("platform.unknown_project", project=commission.project_code)
    known = desk.records.commission(commission.number)
    if known is not None:
        if known == (commission, item.lab_id):
            return None
        raise OperatorError("platform.commission_differs", commission=commission.number)
    tags = [sample.tag for lot in commission.lots for sample in lot.samples]
    taken = next((tag for tag in tags if desk.records.tag(tag) is not None or tags.count(tag) > 1), None)
    if taken is not None:
        raise OperatorError("platform.tag_taken", tag=taken, commission=commission.number)
    desk.records.put_commission(commission, item.lab_id, now)
    for tag in tags:
        desk.records.register_tag(tag, commission, now)
    offers = Offers(context, desk)
    offers.project(item.lab_id, project)
    offers.tags(item.lab_id, InboxKind.TAGS, tags)
    offers.commission(item.lab_id, commission)
    return len(tags)


def _void(context: Context, desk: Desk, tag: str, reason: str) -> None:
    record = desk.records.tag(tag)
    if record is None:
        raise OperatorError("platform.unknown_tag", tag=tag)
    if record.state is TagState.VOID:
        return
    desk.records.void_tag(tag, reason, context.clock.now())
    found = desk.records.commission(record.commission_no)
    if found is not None:
        Offers(context, desk).tags(found[1], InboxKind.VOID_TAG, [tag])
