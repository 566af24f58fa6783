"""Heads of a laboratory's log: countersigned when they extend what was seen before, refused when history was rewritten."""

from __future__ import annotations

import pytest

from labdesk.domain.messages import CheckpointBody
from labdesk.evidence.checkpoint import Checkpoint, NoteVerifier, sign_checkpoint
from labdesk.evidence.keys import KeyUse
from labdesk.evidence.merkle import append, consistency_proof, leaf_hash, root
from labdesk.wire.envelope import ReceiptOutcome
from tests.unit.platform.test_intake import send
from tests.unit.platform.world import LabSide, Region


@pytest.fixture
def lab(here: Region) -> LabSide:
    """A laboratory."""
    return here.add_lab()


def checkpoint(lab: LabSide, size: int, leaves: list[bytes], previous: int, proof: tuple[bytes, ...]) -> CheckpointBody:
    """A signed head of a log with those leaves, said to extend the one of size ``previous``."""
    key = lab.key(KeyUse.LOG)
    head = Checkpoint("labdesk/db-1", size, root(Nodes(leaves), size))
    note = sign_checkpoint(head, NoteVerifier(lab.id, key.public_key), key.sign)
    return CheckpointBody("labdesk/db-1", size, note, previous, tuple(step.hex() for step in proof))


class Nodes:
    """Nodes of a small tree, computed."""

    def __init__(self, leaves: list[bytes]) -> None:
        self._nodes: dict[tuple[int, int], bytes] = {}
        for size, leaf in enumerate(leaves):
            for node in append(self, size, leaf_hash(leaf)):
                self._nodes[node.level, node.index] = node.hash

    def node(self, level: int, index: int) -> bytes:
        """One of them."""
        return self._nodes[level, index]


def test_a_log_may_only_grow(here: Region, lab: LabSide) -> None:
    """Checkpoints with a consistency proof are countersigned; a rewritten past has no proof."""
    honest = [bytes([number]) for number in range(9)]
    rewritten = [b"x", *honest[1:]]
    assert send(here, lab, checkpoint(lab, 5, honest, 0, ())).outcome is ReceiptOutcome.ACCEPTED
    forged = checkpoint(lab, 9, rewritten, 5, consistency_proof(Nodes(rewritten), 5, 9))
    assert send(here, lab, forged).reason == "platform.log_proof"
    afresh = checkpoint(lab, 9, rewritten, 0, ())
    assert send(here, lab, afresh).reason == "platform.log_proof"
    receipt = send(here, lab, checkpoint(lab, 9, honest, 5, consistency_proof(Nodes(honest), 5, 9)))
    assert receipt.outcome is ReceiptOutcome.ACCEPTED
    assert receipt.head.count("\u2014 ") == 2, "signed by the laboratory and by the platform"
    assert send(here, lab, checkpoint(lab, 5, rewritten, 0, ())).outcome is ReceiptOutcome.CONFLICT
    assert send(here, lab, checkpoint(lab, 7, honest, 5, consistency_proof(Nodes(honest), 5, 7))).reason == (
        "platform.log_older"
    )
