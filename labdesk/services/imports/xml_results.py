"""Results that MTS TestSuite writes as XML: names, values, units; no curve."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree  # entities and document types are refused below

from labdesk.domain.errors import OperatorError
from labdesk.domain.imported import ImportedTest, TestState
from labdesk.services.imports.notes import Told
from labdesk.services.imports.units import parse_unit

_HEAD = re.compile(rb"<(?:\w+:)?ArrayOf(?:ArrayOf)?VariableData[\s>]")


def is_results_xml(data: bytes) -> bool:
    """Whether the bytes are such a list of variables."""
    return _HEAD.search(data[:2000]) is not None


def results_xml(data: bytes) -> tuple[ImportedTest, ...]:
    """One test per list of variables; raises OperatorError ``import.damaged``."""
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise OperatorError("import.damaged", reason="DOCTYPE")
    try:
        root = ElementTree.fromstring(data)  # noqa: S314
    except ElementTree.ParseError as error:
        raise OperatorError("import.damaged", reason=str(error)[:100]) from error
    tests = []
    for group in root.iter("ArrayOfVariableData"):
        told = Told()
        for variable in group.iter("VariableData"):
            name = (variable.findtext("Name") or "").strip()
            value = (variable.findtext("Values/Value") or "").strip()
            told.fact(name, value, parse_unit(variable.findtext("Unit") or ""), ".")
        tests.append(
            ImportedTest(
                told.notes.get("specimen", ""), TestState.RESULTS_ONLY, (), None, told.geometry, told.notes,
                tuple(told.results), tuple(told.remarks),
            )
        )  # fmt: skip
    if not tests:
        raise OperatorError("import.no_table")
    return tuple(tests)
