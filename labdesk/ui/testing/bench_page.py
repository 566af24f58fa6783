"""The bench: scan, gate, load, stored, next. Nothing here needs a mouse, and nothing modal appears."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout

from labdesk.domain.capture import CapturePort, LiveState, RunPhase
from labdesk.domain.codes import Code, CodeKind
from labdesk.domain.errors import OperatorError
from labdesk.domain.machines import Machine
from labdesk.domain.scans import Scan
from labdesk.domain.testing import Run
from labdesk.services.bench import Bench
from labdesk.services.lost_runs import LostRuns
from labdesk.services.runs import RunCollector, RunDetails
from labdesk.ui.ops import Query
from labdesk.ui.page import KeyAction, Page, PageContext
from labdesk.ui.sounds import Tone
from labdesk.ui.testing.bench_header import bench_header
from labdesk.ui.testing.bench_keys import CLASS_KEYS, LOADER_KEY, bench_keys, end_run
from labdesk.ui.testing.gate_flow import GateFlow
from labdesk.ui.testing.home_flow import Homecoming, HomeFlow
from labdesk.ui.testing.idle_view import IdleView
from labdesk.ui.testing.live_feed import LiveFeed
from labdesk.ui.testing.live_view import LiveView
from labdesk.ui.testing.loader_flow import LoaderFlow
from labdesk.ui.testing.lost_flow import LostFlow
from labdesk.ui.testing.neighbours import Neighbours, clean
from labdesk.ui.testing.take_over import TakeOver
from labdesk.ui.testing.words import channel_off, channel_word, class_word, end_word, mark_word, mpa, peak_text
from labdesk.ui.widgets.banner import Verdict, VerdictBanner, VerdictState
from labdesk.ui.widgets.basics import page_margins
from labdesk.ui.widgets.sheets import ReasonSheet

translate = QCoreApplication.translate
#: Keys printed beside the run classes.
_SHOWN = ("F2", "F9", LOADER_KEY)


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
        self.switched: set[str] = set()
        self.banner, self.stack, self.idle, self.live = VerdictBanner(), QStackedWidget(), IdleView(), LiveView()
        self.neighbours = Neighbours()
        self.stack.addWidget(self.idle)
        self.stack.addWidget(self.live)
        layout = QVBoxLayout(self)
        page_margins(layout)
        layout.addWidget(self.neighbours)
        layout.addWidget(self.banner)
        layout.addWidget(self.stack, 1)
        self.gate = GateFlow(context, deps.bench, deps.lost, self)
        self.home = HomeFlow(context, deps.runs, deps.lost, self)
        self.lost = LostFlow(context, deps.lost, self)
        self.feed = LiveFeed(deps.capture, self)
        self.reason = ReasonSheet(self)
        self.loader = LoaderFlow(context, deps.bench, self)
        self.take_over = TakeOver(context, deps.bench, self.gate, self)
        self.gate.loader = lambda: self.loader.person
        self._connect()
        self.retranslate()

    def _connect(self) -> None:
        self.gate.said.connect(self._show_verdict)
        self.gate.opened.connect(self._on_case)
        self.gate.lost_found.connect(self.lost.ask)
        self.home.arrived.connect(self._on_home)
        self.lost.told.connect(lambda finding: _on_told(self))
        self.loader.changed.connect(self.refresh)
        self.neighbours.picked.connect(self.choose)
        self.neighbours.troubled.connect(lambda machine: self.context.sounds.play(Tone.BAD))
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
        self.load_due()

    def on_left(self) -> None:
        """The feed goes on: a run that ends meanwhile is fetched all the same."""
        self.home.stop()

    def on_scan(self, code: Code, scan: Scan) -> bool:
        """A label opens the gate, a tag confirms it, a badge is the second person's."""
        del scan
        if code.kind is CodeKind.BADGE:
            return self._take_badge(code.body)
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

    def _take_badge(self, badge: str) -> bool:
        """The second person's, the loader's; between two runs the shell changes the operator, and this page stays."""
        if self.lost.take_badge(badge) or self.loader.take_badge(badge):
            return True
        if self.running and self.machine is not None:
            self.context.errors.report(OperatorError("bench.badge_between_runs", machine=self.machine.number))
            return True
        return False

    def keys(self) -> tuple[KeyAction, ...]:
        """Esc, the run classes, the machines."""
        return bench_keys(self)

    def retranslate(self) -> None:
        """Sets all texts."""
        self.idle.retranslate()
        self.live.retranslate()
        self.gate.repeat()
        self.lost.retranslate()
        self.loader.sheet.retranslate()
        self.neighbours.retranslate()
        self.refresh()

    def choose(self, machine_id: str) -> None:
        """This machine stands at this station; remembered."""
        found = next((each for each in self.machines if each.id == machine_id), None)
        if found is None:
            return
        self._deps.remember_machine(machine_id)
        self._use(found)

    def _use(self, machine: Machine) -> None:
        """Brings a machine to the front; what the one before it does goes on, told in the line of neighbours."""
        self.live.begin(None, None)
        if self.machine is None or self.machine.id != machine.id:
            self.state = None
            self.stack.setCurrentWidget(self.idle)
        self.machine = machine
        self.gate.turn_to(machine.id)
        self.idle.mark_chosen(machine.id)
        self.neighbours.turn_to(machine.id)
        self.feed.start()
        newest = self.idle.state_of(machine.id)
        if newest is not None:
            self._on_state(newest)
        self.lost.look(machine.id, self._ask_lost)
        self.refresh()

    def refresh(self) -> None:
        """Header and key hints."""
        self.idle.show_keys([action for action in self.keys() if action.key in (*CLASS_KEYS, *_SHOWN)])
        self.set_header(bench_header(self))
        self.keys_changed.emit()

    def _on_machines(self, machines: list[Machine]) -> None:
        self.machines = tuple(machines)
        remembered = self.machine.id if self.machine is not None else self._deps.read_machine()
        self.idle.show_machines(self.machines, remembered)
        self.neighbours.show_machines(self.machines, remembered)
        self.feed.start()
        found = next((each for each in self.machines if each.id == remembered), None)
        if found is not None:
            self._use(found)
        else:
            self.refresh()

    def load_due(self) -> None:
        """What is to be tested, afresh."""
        Query(self.context.ops, self, self._deps.bench.due).then(self.idle.show_due).start()

    def _on_state(self, state: LiveState) -> None:
        self.home.watch(state)
        self.idle.show_state(state)
        self.neighbours.show_state(state)
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
        front = self.machine.id if self.machine is not None else ""
        self.idle.show_result(home.runs[-1])
        for found in home.runs:
            if found.run.machine_id != front:
                self.gate.done(found.run.machine_id)
                self.neighbours.show_result(found)
                self.context.sounds.play(Tone.OK if clean(found) else Tone.BAD)
            elif not self.running:
                self.gate.done(front)
                self.gate.say(partial(_stored, found))
        self.load_due()
        if home.lost is not None:
            self._ask_lost(home.lost)

    def _ask_lost(self, run: Run) -> None:
        """Never over a machine that loads: then F2 asks later."""
        if self.running:
            self.lost.remember(run)
        else:
            self.lost.ask(run)


def _on_told(page: BenchPage) -> None:
    page.gate.say(_told)
    page.load_due()
    page.refresh()


def _stored(result: RunDetails) -> Verdict:
    """A run came home."""
    run = result.run
    facts = [run.specimen_label or class_word(run.run_class), peak_text(run.peak_kn)]
    if result.stress_mpa is not None:
        facts.append(mpa(result.stress_mpa))
    facts.append(end_word(run.end_reason))
    facts += [f"{channel_word(name)} {channel_off(force_kn)}" for name, force_kn in result.switches]
    facts += [mark_word(item) for item in result.marks]
    word = translate("Bench", "Stored: {0}").format(run.number)
    return Verdict(VerdictState.MATCH if clean(result) else VerdictState.HOLD, word, " · ".join(facts))


def _told() -> Verdict:
    return Verdict(
        VerdictState.INFO,
        translate("Bench", "What was found is stored"),
        translate("Bench", "Both names stand with it. The next scan continues."),
    )
