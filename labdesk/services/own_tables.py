"""Evaluations under a laboratory's own tables: which files they rest on, named by hash in the evaluation itself.

The hash stands in a remark, so it is hashed and signed with the report; the bytes lie in the content store under it and go with the
report, so that anyone can repeat the evaluation without the laboratory's folder.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from labdesk.domain.errors import OperatorError
from labdesk.domain.evaluation import Evaluation, Remark
from labdesk.domain.store import Blobs, UnitOfWork
from labdesk.evidence.canonical import sha256_hex

REMARK = "evaluation.own_table"
MAX_BYTES = 500_000
_MEDIA_TYPE = "application/toml"


def own_table_remarks(rules: str, texts: Iterable[str]) -> tuple[Remark, ...]:
    """One remark per own file behind ``rules``, in the order they were laid over each other."""
    return tuple(Remark(REMARK, {"rules": rules, "sha256": sha256_hex(text.encode())}) for text in texts)


def hashes_of(evaluation: Evaluation) -> tuple[str, ...]:
    """SHA-256 of every own file an evaluation rests on."""
    found = (remark.params.get("sha256", "") for remark in evaluation.remarks if remark.key == REMARK)
    return tuple(dict.fromkeys(digest for digest in found if digest))


def keep_tables(uow: UnitOfWork, blobs: Blobs, texts: Sequence[str], at: datetime) -> None:
    """Keep own files in the content store and register them in the transaction of the evaluation that rests on them."""
    for text in texts:
        data = text.encode()
        uow.blobs.add(blobs.put(data), len(data), _MEDIA_TYPE, at)


def frozen_texts(evaluation: Evaluation, tables: Mapping[str, bytes]) -> tuple[tuple[str, str], ...]:
    """Texts of the own files of an evaluation, named by their hash.

    Raises:
        OperatorError: ``evaluation.own_table_missing`` where one is not among ``tables`` or not what its hash says.
    """
    found = []
    for digest in hashes_of(evaluation):
        data = tables.get(digest, b"")
        if len(data) > MAX_BYTES or sha256_hex(data) != digest:
            raise OperatorError("evaluation.own_table_missing", rules=evaluation.rules, sha256=digest[:16])
        found.append((f"{digest[:16]}.toml", data.decode("utf-8", "replace")))
    return tuple(found)
