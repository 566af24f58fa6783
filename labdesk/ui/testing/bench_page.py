"""The bench: scan, gate, load, stored, next. Nothing here needs a mouse, and nothing modal appears."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout

from labdesk.domain.capture import CapturePort, EndReason, LiveState, RunClass, RunPhase
from labdesk.domain.codes import Code, CodeKind
from labdesk.domain.errors import OperatorError
from labdesk.domain.machines import Machine
from labdesk.domain.scans import Scan
from labdesk.domain.testing import LostRunFinding, Run
from labdesk.services.bench import Bench
from labdesk.services.lost_runs import LostRuns
from labdesk.services.runs import RunCollector, RunDetails
from labdesk.ui.ops import Query
from labdesk.ui.page import Header, KeyAction, Page, PageContext
from labdesk.ui.testing.bench_keys import CLASS_KEYS, bench_keys, end_run
from labdesk.ui.testing.gate_flow import GateFlow
from labdesk.ui.testing.home_flow import Homecoming, HomeFlow
from labdesk.ui.testing.idle_view import IdleView
from labdesk.ui.testing.live_feed import LiveFeed
from labdesk.ui.testing.live_view import LiveView
from labdesk.ui.testing.lost_flow import LostFlow
from labdesk.ui.testing.words import class_word, end_word, kind_word, kn, mark_word
from labdesk.ui.widgets.banner import Verdict, VerdictBanner, VerdictState
from labdesk.ui.widgets.basics import page_margins
from labdesk.ui.widgets.sheets import ReasonSheet

translate = QCoreApplication.translate


@dataclass(frozen=True)
class BenchDeps:
    """What the bench page works with.

    Attributes:
        bench, runs, lost, capture: services and the way to the capture process.
        remember_machine, read_machine: the key of this station's machine, kept on this computer; empty = not chosen yet.
        open_lot: shows a lot on the measuring page; nothing where there is none.
    """

    bench: Bench
    runs: RunCollector
    lost: LostRuns
    capture: CapturePort
    remember_machine: Callable[[str], None]
    read_machine: Callable[[], str]
    open_lot: Callable[[str], None] = lambda lot_no: None


class BenchPage(Page):
    """The bench of one station."""

    def __init__(self, context: PageContext, deps: BenchDeps) -> None:
        super().__init__(context)
        self._deps = deps
        self.bench, self.open_lot = deps.bench, deps.open_lot
        self.machines: tuple[Machine, ...] = ()
        self.machine: Machine | None = None
        self.state: LiveState | None = None
        self.banner, self.stack, self.idle, self.live = VerdictBanner(), QStackedWidget(), IdleView(), LiveView()
        self.stack.addWidget(self.idle)
        self.stack.addWidget(self.live)
        layout = QVBoxLayout(self)
        page_margins(layout)
        layout.addWidget(self.banner)
        layout.addWidget(self.stack, 1)
        self.gate = GateFlow(context, deps.bench, deps.lost, self)
        self.home = HomeFlow(context, deps.runs, deps.lost, self)
        self.lost = LostFlow(context, deps.lost, self)
        self.feed = LiveFeed(deps.capture, self)
        self.reason = ReasonSheet(self)
        self._connect()
        self.retranslate()

    def _connect(self) -> None:
        self.gate.said.connect(self._show_verdict)
        self.gate.opened.connect(self._on_case)
        self.gate.lost_found.connect(self.lost.ask)
        self.home.arrived.connect(self._on_home)
        self.lost.told.connect(self._on_told)
        self.lost.postponed.connect(lambda: self.keys_changed.emit())
        self.feed.changed.connect(self._on_state)
        self.idle.due.chosen.connect(lambda line: self.refresh())
        self.reason.given.connect(lambda reason: end_run(self, reason))
        self.idle.machine_picked.connect(self.choose)
        self.idle.lot_opened.connect(self._deps.open_lot)

    @property
    def running(self) -> bool:
        """Whether this station's machine is armed or loading."""
        return self.state is not None and self.state.phase is not RunPhase.IDLE

    def on_shown(self) -> None:
        """Machines, due list and runs that came meanwhile."""
        Query(self.context.ops, self, self._deps.bench.connect).then(self._on_machines).start()
        self.home.start()
        self._load_due()

    def on_left(self) -> None:
        """The feed goes on: a run that ends meanwhile is fetched all the same."""
        self.home.stop()

    def on_scan(self, code: Code, scan: Scan) -> bool:
        """A label opens the gate, a tag confirms it, a badge is the second person's."""
        del scan
        if code.kind is CodeKind.BADGE:
            return self.lost.take_badge(code.body)
        if code.kind not in (CodeKind.SPECIMEN, CodeKind.TAG):
            return False
        if self.machine is None:
            self.gate.refuse(OperatorError("bench.choose_machine"))
        elif self.running and not (code.kind is CodeKind.TAG and self.gate.case is None):
            label = (self.state.specimen_label if self.state else "") or "@bench.no_specimen_run"
            self.context.errors.report(OperatorError("bench.run_in_progress", machine=self.machine.number, label=label))
        elif code.kind is CodeKind.SPECIMEN:
            self.stack.setCurrentWidget(self.idle)
            self.gate.open(code.body, self.machine.id)
        else:
            self.gate.scan_tag(code.body)
        return True

    def keys(self) -> tuple[KeyAction, ...]:
        """Esc, the run classes, the machines."""
        return bench_keys(self)

    def retranslate(self) -> None:
        """Sets all texts."""
        self.idle.retranslate()
        self.live.retranslate()
        self.gate.repeat()
        self.lost.retranslate()
        self.refresh()

    def choose(self, machine_id: str) -> None:
        """This machine stands at this station; remembered."""
        found = next((each for each in self.machines if each.id == machine_id), None)
        if found is None or self.running:
            return
        self._deps.remember_machine(machine_id)
        self.state = None
        self._use(found)
        self.gate.forget()

    def _use(self, machine: Machine) -> None:
        self.live.begin(None, None)
        self.machine = machine
        self.idle.mark_chosen(machine.id)
        self.feed.start()
        newest = self.idle.state_of(machine.id)
        if newest is not None:
            self._on_state(newest)
        self.lost.look(machine.id, self._ask_lost)
        self.refresh()

    def refresh(self) -> None:
        """Header and key hints."""
        self.idle.show_keys([action for action in self.keys() if action.key in (*CLASS_KEYS, "F2", "F9")])
        case, machine = self.gate.case, self.machine
        subtitle = translate("Bench", "Scan a label to begin")
        if case is not None:
            settings = case.lot.settings
            grade = settings.get("grade") or settings.get("design_grade") or ""
            size = settings.get("diameter_mm") or settings.get("side_mm") or ""
            kind = kind_word(case.gate.test.value) if case.gate.test is not None else ""
            subtitle = " · ".join(
                part for part in (case.specimen.label, case.lot.material, f"{grade} {size} mm", kind) if part
            )
        hint = ""
        if machine is not None:
            until = translate("Bench", "calibrated until {0}").format(machine.certificate_valid_to)
            hint = f"{machine.number} · {machine.name} · {until}"
        self.set_header(Header(subtitle, hint))
        self.keys_changed.emit()

    def _on_machines(self, machines: list[Machine]) -> None:
        self.machines = tuple(machines)
        remembered = self.machine.id if self.machine is not None else self._deps.read_machine()
        self.idle.show_machines(self.machines, remembered)
        self.feed.start()
        found = next((each for each in self.machines if each.id == remembered), None)
        if found is not None:
            self._use(found)
        else:
            self.refresh()

    def _load_due(self) -> None:
        Query(self.context.ops, self, self._deps.bench.due).then(self.idle.show_due).start()

    def _on_state(self, state: LiveState) -> None:
        self.home.watch(state)
        self.idle.show_state(state)
        if self.machine is None or state.machine_id != self.machine.id:
            return
        before, self.state = self.state, state
        if state.phase is not RunPhase.IDLE:
            if self.stack.currentWidget() is not self.live:
                self._begin(state)
            if state.phase is not RunPhase.ARMED and (before is None or before.phase is RunPhase.ARMED):
                self.gate.quiet()
        if self.stack.currentWidget() is self.live:
            self.live.show_state(state)
        if before is None or before.phase is not state.phase:
            self.refresh()

    def _begin(self, state: LiveState) -> None:
        """The live view takes over; after a restart of the desktop the case is asked for again."""
        case = self.gate.case
        if case is None and state.specimen_label and self.machine is not None:
            self.gate.adopt(state.specimen_label, self.machine.id)
        self._on_case()
        self.stack.setCurrentWidget(self.live)

    def _on_case(self) -> None:
        case = self.gate.case
        self.live.begin(case.plan if case else None, case.gate.test if case else None)
        self.refresh()

    def _show_verdict(self, verdict: Verdict | None) -> None:
        if verdict is None:
            self.banner.clear()
        else:
            self.banner.show_verdict(verdict)
        self.keys_changed.emit()

    def _on_home(self, home: Homecoming) -> None:
        newest = home.runs[-1]
        self.idle.show_result(newest)
        here = self.machine is not None and newest.run.machine_id == self.machine.id
        if here and not self.running:
            self.gate.case = None
            self.gate.say(lambda: _stored(newest))
        self._load_due()
        if home.lost is not None:
            self._ask_lost(home.lost)

    def _ask_lost(self, run: Run) -> None:
        """Never over a machine that loads: then F2 asks later."""
        if self.running:
            self.lost.remember(run)
        else:
            self.lost.ask(run)

    def _on_told(self, finding: LostRunFinding) -> None:
        del finding
        self.gate.say(_told)
        self._load_due()
        self.refresh()


def _stored(result: RunDetails) -> Verdict:
    """A run came home."""
    run = result.run
    facts = [run.specimen_label or class_word(run.run_class), f"{kn(run.peak_kn)} kN"]
    if result.stress_mpa is not None:
        facts.append(f"{result.stress_mpa:.1f} MPa")
    facts.append(end_word(run.end_reason))
    facts += [mark_word(item) for item in result.marks]
    word = translate("Bench", "Stored: {0}").format(run.number)
    clean = run.run_class is not RunClass.TEST or (run.end_reason is EndReason.BREAK and not result.marks)
    return Verdict(VerdictState.MATCH if clean else VerdictState.HOLD, word, " · ".join(facts))


def _told() -> Verdict:
    return Verdict(
        VerdictState.INFO,
        translate("Bench", "What was found is stored"),
        translate("Bench", "Both names stand with it. The next scan continues."),
    )
