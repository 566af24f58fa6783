"""Acceptance over a selection of groups of a project: concrete by GB/T 50107-2010, mortar by GB 50203-2011."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from labdesk.domain.errors import OperatorError
from labdesk.domain.evaluation import Value, Verdict
from labdesk.domain.rounding import Bound
from labdesk.services.evaluate_concrete import design_mpa
from labdesk.services.product_lot import Judged, Outcome, ProductLot
from labdesk.standards import acceptance, mortar
from labdesk.standards.acceptance import Accepted, Procedure
from labdesk.standards.joints import worst
from labdesk.standards.judging import flips

#: Entry ``rule`` of a group that takes no part, and what is said of it.
_LEFT_OUT = {
    "invalid": "products.group_left_out",
    "off-age": "products.group_off_age",
    "retest": "products.group_retest",
}


def concrete(lot: ProductLot) -> Outcome:
    """One verdict over the groups selected; the procedure follows from their number where none is asked for."""
    fk = design_mpa(lot)
    if fk is None:
        raise OperatorError("evaluation.missing", name="design_grade", where="-")
    groups = _groups(lot, "fcu_mpa")
    values: list[Value] = []
    if lot.settings.text("curing") == "same-condition":
        groups = [(label, _equivalent(lot, label, value, values)) for label, value in groups]
        if len(groups) < lot.rules.count("same_condition_least"):
            lot.remark("products.same_condition_few", count=str(len(groups)))
    _tell_low_groups(lot, groups, fk)
    asked = lot.settings.text("acceptance")
    sample = [value for _, value in groups]
    procedure = Procedure(asked) if asked not in ("", "auto") else acceptance.procedure_for(lot.rules, len(sample))
    batches = (
        _known(lot, sample, fk)
        if procedure is Procedure.KNOWN
        else [acceptance.accept(lot.rules, sample, fk, procedure)]
    )
    lot.remark("products.procedure", procedure=f"@products.{procedure.value}", count=str(len(sample)), fk=str(fk))
    for number, batch in enumerate(batches, 1):
        name = f"{number}/{len(batches)}" if len(batches) > 1 else ""
        values += [replace(value, subject=name) for value in batch.values]
    _tell_flips(lot, values)
    verdict = worst([batch.verdict for batch in batches])
    if verdict is Verdict.FAIL:
        lot.remark("products.acceptance_failed")
    return lot.done(values, verdict)


def _groups(lot: ProductLot, name: str) -> list[tuple[str, Decimal]]:
    """Values of the groups by label, in the order of casting (then of labels); invalid groups are named and left out."""
    found = []
    for specimen in sorted(lot.specimens, key=lambda one: (one.entries.get("cast_at", ""), one.label)):
        typed = lot.typed(specimen)
        rule = typed.text("rule").casefold()
        if rule in _LEFT_OUT:
            lot.remark(_LEFT_OUT[rule], label=specimen.label)
            continue
        found.append((specimen.label, typed.needed(name)))
    if not found:
        raise OperatorError("products.no_groups")
    return found


def _equivalent(lot: ProductLot, label: str, value: Decimal, values: list[Value]) -> Decimal:
    line = lot.value(Judged("fcu,eq", "MPa"), value / lot.rules.number("same_condition_divisor"), subject=label)
    values.append(line)
    return line.rounded if line.rounded is not None else value


def _tell_low_groups(lot: ProductLot, groups: list[tuple[str, Decimal]], fk: Decimal) -> None:
    """The region's trigger for single low groups: apart from the verdict, so that nobody waits for the lot."""
    percent = lot.settings.number("low_group_percent")
    for label, value in groups if percent is not None else ():
        if percent is not None and value * 100 < percent * fk:
            lot.remark("products.low_group", label=label, value=str(value), percent=str(percent), fk=str(fk))


def _known(lot: ProductLot, sample: list[Decimal], fk: Decimal) -> list[Accepted]:
    """Batches of three consecutive groups, each judged with the deviation of the period before."""
    sigma = lot.settings.number("sigma0_mpa")
    if sigma is None and lot.settings.text("history_mpa"):
        sigma = acceptance.known_deviation(lot.rules, lot.settings.numbers("history_mpa"))
        lot.remark("products.sigma_computed", sigma=str(sigma))
    if sigma is None:
        raise OperatorError("products.sigma_needed")
    floor = lot.rules.number("sigma_floor")
    if sigma < floor:
        lot.remark("products.sigma_raised", sigma=str(sigma), floor=str(floor))
    size = lot.rules.count("batch_size")
    if len(sample) % size:
        raise OperatorError("products.batch_size", count=len(sample), size=size)
    parts = [sample[start : start + size] for start in range(0, len(sample), size)]
    return [acceptance.accept_known(lot.rules, part, fk, sigma) for part in parts]


def _tell_flips(lot: ProductLot, values: list[Value]) -> None:
    for value in values:
        low = value.limit.removeprefix(">= ")
        if value.raw is None or not value.limit.startswith(">= "):
            continue
        rule = lot.rules.rule(value.symbol, value.unit, Bound(low=Decimal(low)))
        if flips(rule, value.raw):
            lot.remark(
                "products.regime_flips",
                symbol=value.symbol,
                label=value.subject or "-",
                regime=rule.regime,
                other="full-value",
            )


def mortar_lot(lot: ProductLot) -> Outcome:
    """Mortar of one type and grade over its groups."""
    text = lot.settings.text("design_grade") or lot.settings.text("grade")
    design = mortar.design_strength(text)
    if design is None:
        raise OperatorError("products.not_a_mortar_grade", text=text[:20])
    groups = [value for _, value in _groups(lot, "f2_mpa")]
    found = acceptance.accept_mortar(lot.rules, groups, design)
    values = list(found.values)
    _tell_flips(lot, values)
    if found.verdict is Verdict.FAIL:
        lot.remark("products.acceptance_failed")
    return lot.done(values, found.verdict)
