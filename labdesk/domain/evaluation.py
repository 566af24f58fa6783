"""What goes into an evaluation and what comes out, complete enough that anyone can repeat it years later.

A :class:`LotInput` names everything a standard's rules need for one reported lot (a rebar lot, a group of cubes): settings,
hand entries as the text that was typed, and the hashes of the sealed runs. The same input with the same rules gives the same
:class:`Evaluation`, on the laboratory's PC, on the platform and at a verifier's desk.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum


class Verdict(StrEnum):
    """Outcome against a limit; never mixed up with the outcome of the run itself."""

    PASS = "PASS"  # noqa: S105 - a verdict, not a password
    FAIL = "FAIL"
    RETEST = "RETEST"
    INVALID = "INVALID"
    NOT_EVALUATED = "NOT_EVALUATED"


class TestKind(StrEnum):
    """What is done with one specimen; a specimen may pass a chain of them."""

    __test__ = False

    WEIGHT = "weight"
    TENSION = "tension"
    BEND = "bend"
    REVERSE_BEND = "reverse-bend"
    COMPRESSION = "compression"
    FLEXURE = "flexure"
    SPLITTING = "splitting"
    SHEAR = "shear"
    MEASURE = "measure"
    """Measured by hand on an entry sheet: no machine, no curve."""


@dataclass(frozen=True)
class SpecimenInput:
    """One specimen's part of a lot.

    Attributes:
        label: the blind number on its label.
        tests: the kinds done on this specimen, in order.
        entries: hand entries as typed, by name with unit (``mass_g``, ``length_mm``, ``l0_mm``, ``lu_mm``,
            ``agt_l0_mm``, ``agt_l_mm``, ``bend_result`` = ``no-crack`` | ``crack``, ``side_mm`` ...).
        run_hash: SHA-256 (hex) of the sealed run, or ``None`` where there is no curve.
        manual_peak_kn: peak read from the display by two people when the line was lost (exact text), else ``None``.
        age_text: real age at test, for concrete (``28 d 3 h``); empty where age does not matter.
    """

    label: str
    tests: tuple[TestKind, ...]
    entries: Mapping[str, str] = field(default_factory=dict)
    run_hash: str | None = None
    manual_peak_kn: Decimal | None = None
    age_text: str = ""


@dataclass(frozen=True)
class LotInput:
    """Everything an evaluation of one lot uses.

    Attributes:
        method: ``rebar-lot``, ``concrete-cube``, ...
        rules: ruleset (edition and regimes), e.g. ``GB1499.2-2024``; empty = the method's default for the date.
        settings: ``grade``, ``diameter_mm``, ``side_mm``, ``design_grade``, ``age_d`` ... as text.
        specimens: in the order of their labels; the result does not depend on it.
    """

    method: str
    rules: str
    settings: Mapping[str, str]
    specimens: tuple[SpecimenInput, ...]


@dataclass(frozen=True)
class Value:
    """One value with its limit.

    Attributes:
        symbol: the standard's symbol (``ReL``, ``Rm``, ``A``, ``Agt``, ``fcu`` ...).
        unit: ``MPa``, ``%``, ``kN``, ``mm`` or empty.
        raw: unrounded value, ``None`` where the curve cannot give it.
        rounded: value as reported.
        limit: text of the limit (``>= 400``), empty without one.
        verdict: against the limit.
        clause: clause of the standard the value and limit come from.
        subject: the specimen's label; empty for the lot as a whole.
        regime: rounding step and comparison regime, e.g. ``5 MPa, rounded value``.
        note: key of a sentence that explains (why not given, why invalid), empty if none.
    """

    symbol: str
    unit: str
    raw: Decimal | None
    rounded: Decimal | None
    limit: str
    verdict: Verdict
    clause: str
    subject: str = ""
    regime: str = ""
    note: str = ""


@dataclass(frozen=True)
class Remark:
    """A warning or statement: key of a sentence with parameters as text."""

    key: str
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Evaluation:
    """Values and verdict of one lot by one version of a standard's rules.

    Attributes:
        method, rules: what was applied (rules is never empty here).
        values: in report order.
        verdict: of the lot; ``NOT_EVALUATED`` for a single group of cubes.
        remarks: warnings and statements for reviewer and report.
        engine: version of the evaluating program.
    """

    method: str
    rules: str
    values: tuple[Value, ...]
    verdict: Verdict
    remarks: tuple[Remark, ...] = ()
    engine: str = ""
