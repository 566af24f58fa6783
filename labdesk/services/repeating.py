"""Repeating an evaluation years later, on any computer: same input, same rules, and the own tables it was made under."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from labdesk.domain.errors import OperatorError
from labdesk.domain.evaluation import Evaluation, LotInput
from labdesk.evidence.canonical import sha256_hex
from labdesk.services.evaluation import evaluate_lot
from labdesk.services.house_rules import house_rules
from labdesk.services.method_catalogue import DataMethods, FrozenMethods
from labdesk.services.method_info import CODED
from labdesk.services.method_sources import SOURCES
from labdesk.services.own_tables import frozen_texts, hashes_of
from labdesk.services.sealed_curves import curve_from_bytes
from labdesk.standards.rulesets import load, shipped


def evaluate_again(
    lot: LotInput, before: Evaluation, runs: Mapping[str, bytes], tables: Mapping[str, bytes]
) -> Evaluation:
    """The evaluation of a lot once more, under the rules of ``before`` and with the own files it rests on (``tables`` by hash).

    Nothing of this computer's own folder counts where an own file is named: what is not among ``tables`` is missing.

    Raises:
        OperatorError: ``evaluation.own_table_missing``; what the rules refuse.
    """
    lot = replace(lot, rules=before.rules)
    curves = {run_hash: curve_from_bytes(data) for run_hash, data in runs.items()}
    texts = frozen_texts(before, tables)
    if not texts:
        return evaluate_lot(lot, curves)
    if lot.method not in CODED:
        return FrozenMethods(texts).evaluate(lot, curves)
    return evaluate_lot(lot, curves, catalogue=load(texts, over=shipped()))


def own_texts_of(evaluation: Evaluation) -> tuple[str, ...]:
    """Texts of the own files behind an evaluation that was just made on this computer.

    Raises:
        OperatorError: ``evaluation.own_table_missing`` where a file was changed or taken away in the meantime.
    """
    wanted = hashes_of(evaluation)
    if not wanted:
        return ()
    methods = (source.own_text(evaluation.rules) for source in SOURCES if isinstance(source, DataMethods))
    found = house_rules().own_of(evaluation.rules) or tuple(text for text in methods if text)
    if tuple(sha256_hex(text.encode()) for text in found) != wanted:
        raise OperatorError("evaluation.own_table_missing", rules=evaluation.rules, sha256=wanted[0][:16])
    return found
