"""The Merkle tree of RFC 6962 as published: hashes, appending, roots, inclusion and consistency proofs.

Nothing is home-made: leaf and node prefixes, the tree's shape and the proofs follow RFC 6962, section 2.1; the verification
algorithms follow RFC 9162, sections 2.1.3.2 and 2.1.4.2. Only roots of complete subtrees are stored: node ``(level, index)`` covers the
leaves from ``index * 2**level`` to ``(index + 1) * 2**level`` and never changes once written, so a table of them is append-only too.
Appending reads and writes O(log n) nodes at worst, two on average.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from labdesk.domain.errors import BugError

HASH_SIZE = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()


class NodeSource(Protocol):
    """Where stored nodes are read from."""

    def node(self, level: int, index: int) -> bytes:
        """The 32-byte hash of a complete subtree; raises KeyError if it was never written."""
        ...


@dataclass(frozen=True)
class Node:
    """The hash of a complete subtree, to be stored."""

    level: int
    index: int
    hash: bytes


def leaf_hash(data: bytes) -> bytes:
    """Hash of a log entry's bytes (RFC 6962: SHA-256 of ``00`` and the entry)."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node (RFC 6962: SHA-256 of ``01``, left and right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def append(nodes: NodeSource, size: int, leaf: bytes) -> tuple[Node, ...]:
    """The nodes to store when the entry with hash ``leaf`` becomes entry number ``size`` (the first is 0)."""
    new = [Node(0, size, leaf)]
    index, current = size, leaf
    while index & 1:
        current = node_hash(nodes.node(new[-1].level, index - 1), current)
        index >>= 1
        new.append(Node(new[-1].level + 1, index, current))
    return tuple(new)


def root(nodes: NodeSource, size: int) -> bytes:
    """Root hash of the tree over the first ``size`` entries."""
    return _range_root(nodes, 0, size) if size else EMPTY_ROOT


def frontier(size: int) -> tuple[tuple[int, int], ...]:
    """``(level, index)`` of the complete subtrees that make up a tree of ``size`` entries, largest first."""
    found = []
    start = 0
    for level in range(size.bit_length() - 1, -1, -1):
        if size >> level & 1:
            found.append((level, start >> level))
            start += 1 << level
    return tuple(found)


def inclusion_proof(nodes: NodeSource, index: int, size: int) -> tuple[bytes, ...]:
    """Audit path of entry ``index`` in the tree over the first ``size`` entries (RFC 6962, 2.1.1)."""
    if not 0 <= index < size:
        raise BugError("bug.log_range", index=index, size=size)
    return tuple(reversed(list(_path(nodes, index, 0, size))))


def consistency_proof(nodes: NodeSource, old_size: int, size: int) -> tuple[bytes, ...]:
    """Proof that the tree over ``size`` entries extends the one over ``old_size`` entries (RFC 6962, 2.1.2)."""
    if not 0 <= old_size <= size:
        raise BugError("bug.log_range", index=old_size, size=size)
    if old_size in (0, size):
        return ()
    return tuple(reversed(list(_subproof(nodes, old_size, 0, size))))


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root_hash: bytes) -> bool:
    """Whether ``proof`` shows entry ``index`` with hash ``leaf`` in the tree of ``size`` entries with ``root_hash``."""
    if not 0 <= index < size or len(leaf) != HASH_SIZE or any(len(step) != HASH_SIZE for step in proof):
        return False
    position, last, current = index, size - 1, leaf
    for step in proof:
        if last == 0:
            return False
        if position & 1 or position == last:
            current = node_hash(step, current)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            current = node_hash(current, step)
        position, last = position >> 1, last >> 1
    return last == 0 and current == root_hash


def verify_consistency(old_size: int, size: int, old_root: bytes, root_hash: bytes, proof: Sequence[bytes]) -> bool:
    """Whether ``proof`` shows that the tree ``(size, root_hash)`` extends ``(old_size, old_root)``."""
    if not 0 <= old_size <= size or any(len(step) != HASH_SIZE for step in proof):
        return False
    if old_size == size:
        return not proof and old_root == root_hash
    if old_size == 0:
        return not proof and old_root == EMPTY_ROOT
    return _walk_consistency(old_size, size, (old_root, root_hash), proof)


def _walk_consistency(old_size: int, size: int, roots: tuple[bytes, bytes], proof: Sequence[bytes]) -> bool:
    steps = list(proof)
    if old_size & (old_size - 1) == 0:
        steps.insert(0, roots[0])
    if not steps:
        return False
    position, last = old_size - 1, size - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    old = new = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            old, new = node_hash(step, old), node_hash(step, new)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            new = node_hash(new, step)
        position, last = position >> 1, last >> 1
    return last == 0 and old == roots[0] and new == roots[1]


def _split(length: int) -> int:
    """Largest power of two smaller than ``length``."""
    return 1 << ((length - 1).bit_length() - 1)


def _range_root(nodes: NodeSource, start: int, end: int) -> bytes:
    length = end - start
    if length & (length - 1) == 0:
        level = length.bit_length() - 1
        return nodes.node(level, start >> level)
    middle = start + _split(length)
    return node_hash(_range_root(nodes, start, middle), _range_root(nodes, middle, end))


def _path(nodes: NodeSource, index: int, start: int, end: int) -> Iterator[bytes]:
    """Audit path from the root downwards (the RFC lists it from the leaf upwards)."""
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            yield _range_root(nodes, middle, end)
            end = middle
        else:
            yield _range_root(nodes, start, middle)
            start = middle


def _subproof(nodes: NodeSource, old_size: int, start: int, end: int) -> Iterator[bytes]:
    """Consistency proof from the root downwards; ``old_size`` counts from the tree's beginning."""
    whole = True
    while end != old_size:
        middle = start + _split(end - start)
        if old_size <= middle:
            yield _range_root(nodes, middle, end)
            end = middle
        else:
            yield _range_root(nodes, start, middle)
            start, whole = middle, False
    if not whole:
        yield _range_root(nodes, start, end)
