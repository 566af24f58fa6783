"""The log's tree against the published vectors of Certificate Transparency, and against a plain reading of RFC 6962."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labdesk.domain.errors import BugError
from labdesk.evidence import merkle

# Published test inputs and roots of the Certificate Transparency reference implementation (facts).
LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
INCLUSION = [
    (
        5,
        8,
        [
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
    (
        1,
        5,
        [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
]
CONSISTENCY = [
    (
        2,
        5,
        [
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
    (
        6,
        8,
        [
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
]


class Table(dict[tuple[int, int], bytes]):
    """Stored nodes in memory; writing one twice is an error, as in the database."""

    def node(self, level: int, index: int) -> bytes:
        return self[level, index]

    def add(self, size: int, leaf: bytes) -> None:
        for node in merkle.append(self, size, leaf):
            assert (node.level, node.index) not in self
            self[node.level, node.index] = node.hash


def tree(leaves: list[bytes]) -> Table:
    table = Table()
    for index, data in enumerate(leaves):
        table.add(index, merkle.leaf_hash(data))
    return table


def plain_root(leaves: list[bytes]) -> bytes:
    """RFC 6962, section 2.1, read word by word."""
    if not leaves:
        return merkle.EMPTY_ROOT
    if len(leaves) == 1:
        return merkle.leaf_hash(leaves[0])
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return merkle.node_hash(plain_root(leaves[:k]), plain_root(leaves[k:]))


def numbered(count: int) -> list[bytes]:
    return [f"entry {number}".encode() for number in range(count)]


@pytest.mark.parametrize("size", range(9))
def test_roots_are_the_published_ones(size: int) -> None:
    assert merkle.root(tree(LEAVES), size).hex() == ROOTS[size]


@pytest.mark.parametrize(("index", "size", "proof"), INCLUSION)
def test_inclusion_proofs_are_the_published_ones(index: int, size: int, proof: list[str]) -> None:
    assert [step.hex() for step in merkle.inclusion_proof(tree(LEAVES), index, size)] == proof


@pytest.mark.parametrize(("old", "size", "proof"), CONSISTENCY)
def test_consistency_proofs_are_the_published_ones(old: int, size: int, proof: list[str]) -> None:
    assert [step.hex() for step in merkle.consistency_proof(tree(LEAVES), old, size)] == proof


def test_every_small_tree_proves_every_entry_and_every_extension() -> None:
    leaves = numbered(33)
    table = tree(leaves)
    for size in range(1, 34):
        root = merkle.root(table, size)
        assert root == plain_root(leaves[:size])
        for index in range(size):
            proof = merkle.inclusion_proof(table, index, size)
            assert merkle.verify_inclusion(merkle.leaf_hash(leaves[index]), index, size, proof, root)
        for old in range(size + 1):
            proof = merkle.consistency_proof(table, old, size)
            assert merkle.verify_consistency(old, size, merkle.root(table, old), root, proof)


@given(st.integers(2, 70), st.data())
def test_no_wrong_inclusion_proof_passes(size: int, data: st.DataObject) -> None:
    leaves = numbered(size)
    table = tree(leaves)
    index = data.draw(st.integers(0, size - 1))
    proof = list(merkle.inclusion_proof(table, index, size))
    root = merkle.root(table, size)
    leaf = merkle.leaf_hash(leaves[index])
    step = data.draw(st.integers(0, len(proof) - 1))
    bent = [*proof[:step], bytes([proof[step][0] ^ 1]) + proof[step][1:], *proof[step + 1 :]]
    other = data.draw(st.integers(0, size - 1).filter(lambda number: number != index))
    assert not merkle.verify_inclusion(leaf, index, size, bent, root)
    assert not merkle.verify_inclusion(merkle.leaf_hash(b"forged"), index, size, proof, root)
    assert not merkle.verify_inclusion(leaf, other, size, proof, root)
    assert not merkle.verify_inclusion(leaf, index, size, proof[:-1], root)
    assert not merkle.verify_inclusion(leaf, index, size, [*proof, proof[0]], root)
    assert not merkle.verify_inclusion(leaf, index, size, proof, merkle.root(table, size - 1))


@given(st.integers(2, 70), st.data())
def test_a_rewritten_history_is_not_consistent(size: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, size - 1))
    changed = data.draw(st.integers(0, old - 1))
    leaves = numbered(size)
    honest = tree(leaves)
    leaves[changed] = b"rewritten"
    forged = tree(leaves)
    proof = merkle.consistency_proof(forged, old, size)
    assert not merkle.verify_consistency(old, size, merkle.root(honest, old), merkle.root(forged, size), proof)
    assert not merkle.verify_consistency(
        old, size, merkle.root(honest, old), merkle.root(honest, size), proof[:-1] or (b"\0" * 32,)
    )


@given(st.integers(0, 1000), st.integers(0, 1000), st.lists(st.binary(min_size=32, max_size=32), max_size=8))
def test_verifiers_never_raise_and_never_accept_noise(a: int, b: int, proof: list[bytes]) -> None:
    assert not merkle.verify_inclusion(b"\1" * 32, a, b, proof, b"\2" * 32)
    assert not merkle.verify_consistency(a, b, b"\1" * 32, b"\2" * 32, proof)


def test_frontier_is_what_a_reader_needs_for_the_root() -> None:
    assert merkle.frontier(0) == ()
    assert merkle.frontier(6) == ((2, 0), (1, 2))
    assert merkle.frontier(7) == ((2, 0), (1, 2), (0, 6))


def test_proofs_beyond_the_tree_are_our_mistake() -> None:
    with pytest.raises(BugError):
        merkle.inclusion_proof(tree(LEAVES), 8, 8)
    with pytest.raises(BugError):
        merkle.consistency_proof(tree(LEAVES), 9, 8)
