"""What a reviewer must be told about a lot, as sentences: nothing here decides, everything here is seen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from labdesk.domain.bench import MACHINE_TESTS
from labdesk.domain.clock import WALL
from labdesk.domain.evaluation import SpecimenInput
from labdesk.domain.run_gaps import GapReason
from labdesk.domain.sealed_run import RunMark
from labdesk.domain.testing import Disposition, Entry, Run
from labdesk.services.lot_forms import form_by
from labdesk.services.review_facts import ReviewFacts


class NoticeWeight(StrEnum):
    """How a notice looks: checked and in order, look at it, stands against the report."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True)
class ReviewNotice:
    """A sentence for the reviewer; ``word`` is the sentence key of the chip before it, empty for an icon alone."""

    weight: NoticeWeight
    key: str
    params: Mapping[str, str] = field(default_factory=dict)
    word: str = ""


#: Chips for the evaluation's own remarks; all others read "note".
_WORDS = {
    "evaluation.rate_out_of_band": "review.chip.rate",
    "evaluation.gaps": "review.chip.gap",
    "evaluation.no_curve": "review.chip.no_curve",
    "evaluation.over_age": "review.chip.age",
    "evaluation.under_age": "review.chip.age",
    "evaluation.peak_differs": "review.chip.peak",
    "evaluation.retest": "review.chip.retest",
    "evaluation.mark_moved": "review.chip.by_hand",
}
#: Remarks that only say how a value was found.
_PLAIN = frozenset({"evaluation.peak_register", "evaluation.le_assumed", "evaluation.strain_estimated"})


def notices(facts: ReviewFacts) -> tuple[ReviewNotice, ...]:
    """All notices of a subject, warnings first."""
    found = [*_commission(facts), *_runs(facts), *_entries(facts), *_remarks(facts), *_checks(facts)]
    order = list(NoticeWeight)[::-1]
    return tuple(sorted(dict.fromkeys(_frozen(found)), key=lambda notice: order.index(notice.weight)))


def _frozen(found: list[ReviewNotice]) -> list[ReviewNotice]:
    return [ReviewNotice(item.weight, item.key, _Params(item.params), item.word) for item in found]


class _Params(dict[str, str]):
    """Parameters that can be compared and counted as one thing."""

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(tuple(sorted(self.items())))


def _warn(key: str, word: str = "review.chip.note", **params: str) -> ReviewNotice:
    return ReviewNotice(NoticeWeight.WARN, key, params, word)


def _commission(facts: ReviewFacts) -> Iterator[ReviewNotice]:
    if not facts.lot.client_commissioned:
        yield _warn("review.notice.not_client", "review.chip.client")
    order = facts.order()
    if order is None:
        yield ReviewNotice(NoticeWeight.BAD, "review.notice.no_commission", {}, "review.chip.note")
    elif order.sampling.sampler.certificate_no == order.sampling.witness.certificate_no:
        yield ReviewNotice(NoticeWeight.BAD, "review.notice.same_site_person", {}, "review.chip.witness")


def _runs(facts: ReviewFacts) -> Iterator[ReviewNotice]:
    bench = facts.bench
    used = {piece.run_hash for piece in facts.stored.lot.specimens if piece.run_hash}
    machines = sorted({run.machine_number for run in bench.runs if run.sealed_sha256 in used})
    if len(machines) > 1:
        yield _warn("review.notice.two_machines", "review.chip.machine", machines=", ".join(machines))
    replaced = {item.run_id: item for item in bench.invalidations}
    findings = {item.run_id: item for item in bench.findings}
    gaps, taken_on = bench.open_gaps(), {item.run_id: item for item in bench.gap_reasons}
    for run in bench.runs:
        label = run.specimen_label
        if run.sealed_sha256 in used or run in gaps:
            yield from _marks(run, taken_on.get(run.id), is_open=run in gaps)
        if run.id in replaced:
            item = replaced[run.id]
            yield _warn(
                "review.notice.invalid", "review.chip.invalid",
                label=label, run=run.number, reason=item.reason, replacement=item.replacement_label or "-",
            )  # fmt: skip
        if run.id in findings:
            finding = findings[run.id]
            key = {
                Disposition.UNBROKEN: "review.notice.unbroken",
                Disposition.PEAK_ON_DISPLAY: "review.notice.manual",
                Disposition.LOST: "review.notice.lost",
            }[finding.disposition]
            yield _warn(key, "review.chip.no_curve", label=label, run=run.number, reason=finding.reason)


#: Chips for the marks of a run.
_MARK_WORDS = {
    RunMark.GAP: "review.chip.gap",
    RunMark.GAP_CRITICAL: "review.chip.gap",
    RunMark.BAD_FRAMES: "review.chip.frames",
    RunMark.MISSING_FRAMES: "review.chip.frames",
    RunMark.SLOW_SAMPLING: "review.chip.sampling",
    RunMark.CLOCK_CHANGED: "review.chip.clock",
    RunMark.IMPORTED: "review.chip.imported",
}


def _marks(run: Run, taken_on: GapReason | None, *, is_open: bool) -> Iterator[ReviewNotice]:
    """What capture marked, each in a sentence of its own; a gap that matters says who took it on and why."""
    label = run.specimen_label
    if run.marked and not run.marks:
        yield _warn("review.notice.marked", label=label, run=run.number)
    for mark in run.marks:
        critical = mark is RunMark.GAP_CRITICAL
        if mark is RunMark.GAP and RunMark.GAP_CRITICAL in run.marks:
            continue  # said by the graver one
        word = _MARK_WORDS.get(mark, "review.chip.note")
        if critical and taken_on is not None:
            yield _warn(
                "gaps.accepted", word, label=label, run=run.number, person=taken_on.person_name,
                time=f"{taken_on.at.astimezone(WALL):%Y-%m-%d %H:%M}", reason=taken_on.reason,
            )  # fmt: skip
        else:
            weight = NoticeWeight.BAD if critical and is_open else NoticeWeight.WARN
            yield ReviewNotice(weight, f"review.notice.mark.{mark.value}", {"label": label, "run": run.number}, word)


def _entries(facts: ReviewFacts) -> Iterator[ReviewNotice]:
    form = form_by(facts.stored.lot.method, facts.stored.evaluation.rules)
    for chain in entry_chains(facts.bench.entries):
        if len(chain) > 1:
            last = chain[-1]
            item = form.input(last.name) if form is not None else None
            named = {"name_zh": item.words.zh, "name_en": item.words.en} if item is not None else {}
            yield _warn(
                "review.notice.corrected", "review.chip.corrected", **named,
                name=f"@review.entry.{last.name}", label=last.specimen_label or facts.lot.number,
                old=chain[-2].text or "-", new=last.text or "-", reason=last.reason or "-",
            )  # fmt: skip


def entry_chains(entries: tuple[Entry, ...]) -> list[tuple[Entry, ...]]:
    """Entries of the same value in the order they were typed; the last one counts."""
    chains: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries:
        chains.setdefault((entry.specimen_label, entry.name), []).append(entry)
    return [tuple(chain) for chain in chains.values()]


def _remarks(facts: ReviewFacts) -> Iterator[ReviewNotice]:
    for remark in facts.stored.evaluation.remarks:
        if remark.key not in _PLAIN:
            yield ReviewNotice(
                NoticeWeight.WARN, remark.key, dict(remark.params), _WORDS.get(remark.key, "review.chip.note")
            )


def _checks(facts: ReviewFacts) -> Iterator[ReviewNotice]:
    """What was looked at by program and found in order."""
    loaded = [piece for piece in facts.stored.lot.specimens if _is_loaded(piece)]
    if loaded and all(piece.run_hash for piece in loaded):
        yield ReviewNotice(NoticeWeight.OK, "review.notice.curves_complete", {"count": str(len(loaded))})
    hashes = [piece.run_hash for piece in loaded if piece.run_hash]
    if len(set(hashes)) != len(hashes):
        yield ReviewNotice(NoticeWeight.BAD, "review.notice.same_curve", {}, "review.chip.no_curve")
    order = facts.order()
    if order is not None:
        minutes = int(order.sampling.witness_delay_min())
        yield ReviewNotice(NoticeWeight.OK, "review.notice.witnessed", {"minutes": str(minutes)})


def _is_loaded(piece: SpecimenInput) -> bool:
    return not MACHINE_TESTS.isdisjoint(piece.tests)
