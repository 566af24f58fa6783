"""The secured way between two computers: TLS, the certificate known by its fingerprint, a challenge before the first message.

After the handshake the capture side says 32 random bytes; the desktop answers HMAC-SHA256(secret, words ‖ nonce ‖ fingerprint); one byte
says whether it was right. Only then are bytes carried to the local socket, unread: the messages are those of ``messages.py``.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import secrets
import select
import socket
import ssl
import threading
from collections.abc import Callable

from labdesk.capture.identity import Identity
from labdesk.capture.pairing import Pairing
from labdesk.domain.errors import EnvironmentFault

NONCE_BYTES = 32
HANDSHAKE_S = 10.0
POLL_S = 0.5
HELD_BYTES = 1 << 18
WELCOME, REFUSED = b"+", b"-"
_WORDS = b"labdesk capture 1"


def answer_to(secret: bytes, nonce: bytes, fingerprint: bytes) -> bytes:
    """The right answer to a challenge."""
    return hmac.digest(secret, _WORDS + nonce + fingerprint, "sha256")


def server_context(identity: Identity) -> ssl.SSLContext:
    """TLS 1.2 or newer with the certificate of this capture folder."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(identity.certificate)
    return context


def admit(connection: socket.socket, context: ssl.SSLContext, identity: Identity) -> ssl.SSLSocket:
    """The secured connection of a desktop that knows the secret.

    Raises:
        OSError: it does not, or speaks something else; the connection is closed.
    """
    connection.settimeout(HANDSHAKE_S)
    secured = context.wrap_socket(connection, server_side=True)
    try:
        nonce = secrets.token_bytes(NONCE_BYTES)
        secured.sendall(nonce)
        given = _exactly(secured, hashlib.sha256().digest_size)
        if not hmac.compare_digest(given, answer_to(identity.secret, nonce, identity.fingerprint)):
            secured.sendall(REFUSED)
            raise ConnectionError("wrong secret")
        secured.sendall(WELCOME)
    except OSError:
        secured.close()
        raise
    return secured


def enter(pairing: Pairing, timeout_s: float) -> ssl.SSLSocket:
    """A secured connection to a paired capture process.

    Raises:
        EnvironmentFault: ``elsewhere.wrong_certificate``, ``elsewhere.wrong_secret``.
        OSError: nobody answers there.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    # No authority stands behind a bench computer: the certificate itself is the one that was paired, or it is refused.
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    plain = socket.create_connection((pairing.host, pairing.port), timeout_s)
    with contextlib.ExitStack() as undo:
        undo.callback(plain.close)
        plain.settimeout(HANDSHAKE_S)
        stay_awake(plain)
        secured = context.wrap_socket(plain)
        undo.callback(secured.close)
        fingerprint = hashlib.sha256(secured.getpeercert(binary_form=True) or b"").digest()
        if not hmac.compare_digest(fingerprint.hex(), pairing.fingerprint):
            raise EnvironmentFault("elsewhere.wrong_certificate", name=pairing.name)
        nonce = _exactly(secured, NONCE_BYTES)
        secured.sendall(answer_to(bytes.fromhex(pairing.secret), nonce, fingerprint))
        if _exactly(secured, 1) != WELCOME:
            raise EnvironmentFault("elsewhere.wrong_secret", name=pairing.name)
        undo.pop_all()
    return secured


def connect_elsewhere(pairing: Pairing, timeout_s: float) -> socket.socket:
    """As ``endpoint.connect``, of a process elsewhere: a plain socket with the secured way behind it; raises as :func:`enter`."""
    secured = enter(pairing, timeout_s)
    ours, theirs = socket.socketpair()
    threading.Thread(target=carry, args=(secured, theirs, lambda: False), name="capture-elsewhere", daemon=True).start()
    return ours


def carry(secured: ssl.SSLSocket, plain: socket.socket, stopping: Callable[[], bool]) -> None:
    """Carries bytes both ways until one side ends; closes both. One thread, because a TLS connection allows only one at a time."""
    with secured, plain, contextlib.suppress(OSError, ValueError):
        secured.setblocking(False)
        plain.setblocking(False)
        outward, inward = bytearray(), bytearray()
        open_both = True
        while open_both and not stopping():
            open_both = _take(secured, inward) and _take(plain, outward)
            _give(plain, inward)
            _give(secured, outward)
            if open_both:
                _wait(secured, plain, (outward, inward))
        # The last words, such as the answer to "stop", still go out.
        secured.settimeout(POLL_S)
        plain.settimeout(POLL_S)
        plain.sendall(inward)
        secured.sendall(outward)


def _wait(secured: ssl.SSLSocket, plain: socket.socket, held: tuple[bytearray, bytearray]) -> None:
    outward, inward = held
    reading = [side for side, to in ((secured, inward), (plain, outward)) if len(to) < HELD_BYTES]
    writing = [side for side, what in ((secured, outward), (plain, inward)) if what]
    decoded = secured.pending() and len(inward) < HELD_BYTES
    select.select(reading, writing, (), 0 if decoded else POLL_S)


def _take(side: socket.socket, into: bytearray) -> bool:
    """Reads what is there; whether the other end is still open."""
    while len(into) < HELD_BYTES:
        try:
            data = side.recv(1 << 16)
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return True
        except OSError:
            return False
        if not data:
            return False
        into += data
    return True


def _give(side: socket.socket, held: bytearray) -> None:
    while held:
        try:
            del held[: side.send(held)]
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return


def _exactly(secured: ssl.SSLSocket, count: int) -> bytes:
    found = b""
    while len(found) < count:
        data = secured.recv(count - len(found))
        if not data:
            raise ConnectionError("closed during the challenge")
        found += data
    return found


def stay_awake(connection: socket.socket) -> None:
    """A pulled network cable is noticed after some ten seconds instead of hours, where the system lets us say so."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in (("TCP_KEEPIDLE", 4), ("TCP_KEEPINTVL", 2), ("TCP_KEEPCNT", 3), ("TCP_USER_TIMEOUT", 10_000)):
        if hasattr(socket, name):
            connection.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
