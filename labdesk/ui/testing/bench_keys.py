"""The keys of the bench and when each is possible."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from labdesk.domain.capture import RunClass, RunPhase
from labdesk.ui.errors import NoticeState
from labdesk.ui.ops import Command
from labdesk.ui.page import KeyAction
from labdesk.ui.testing.words import class_word, kn

if TYPE_CHECKING:
    from labdesk.ui.testing.bench_page import BenchPage

translate = QCoreApplication.translate

EXTENSOMETER_KEY, LOADER_KEY = "F4", "F10"
CLASS_KEYS = {
    "F5": RunClass.WARM_UP,
    "F6": RunClass.INTERMEDIATE_CHECK,
    "F7": RunClass.VERIFICATION,
    "F8": RunClass.TRIAL,
}


def bench_keys(page: BenchPage) -> tuple[KeyAction, ...]:
    """Esc, what was found, the run classes, the machines."""
    actions = [
        KeyAction("Esc", lambda: translate("Bench", "End the run"), partial(_ask_end, page), lambda: page.running),
        KeyAction("Esc", lambda: translate("Bench", "Back to the list"), partial(_back, page), partial(_away, page)),
        KeyAction(
            "F2",
            lambda: translate("Bench", "Say what was found"),
            page.lost.ask_again,
            lambda: page.lost.run is not None and not page.running,
        ),
    ]
    actions += [
        KeyAction("F3", lambda: translate("Bench", "Take it over"), page.take_over.ask, partial(_may_take_over, page)),
        KeyAction(
            EXTENSOMETER_KEY,
            lambda: translate("Bench", "Extensometer is off"),
            partial(_extensometer_off, page),
            partial(_extensometer_on, page),
        ),
        KeyAction(LOADER_KEY, partial(_loader_word, page), page.loader.ask, lambda: not page.lost.active()),
    ]
    for key, run_class in CLASS_KEYS.items():
        actions.append(
            KeyAction(
                key, partial(class_word, run_class), partial(_declare, page, run_class), partial(_may_declare, page)
            )
        )
    actions.append(
        KeyAction("F9", lambda: translate("Bench", "Measure its lot"), partial(_measure, page), partial(_has_lot, page))
    )
    for number, machine in enumerate(page.machines[:9], start=1):
        actions.append(
            KeyAction(
                str(number),
                partial(str, machine.name),
                partial(page.choose, machine.id),
                partial(_may_turn_to, page, machine.id),
            )
        )
    return tuple(actions)


def end_run(page: BenchPage, reason: str) -> None:
    """Ends the run in progress; it is sealed with the reason."""
    machine, bench = page.machine, page.bench
    if machine is not None:
        Command(page.context.ops, page, lambda: bench.abort(machine.id, reason)).start()


def _ask_end(page: BenchPage) -> None:
    page.reason.ask(
        translate("Bench", "End the run?"),
        translate("Bench", "It is sealed with the reason and kept; a loaded piece is not loaded again."),
        (
            translate("Bench", "Grips slip"),
            translate("Bench", "Wrong piece in the machine"),
            translate("Bench", "Fault of the machine"),
        ),
    )


def _idle(page: BenchPage) -> bool:
    return not page.running and not page.lost.active()


def _may_turn_to(page: BenchPage, machine_id: str) -> bool:
    """Another machine at any time, also while this one loads; nothing covers what a sheet asks."""
    other = page.machine is None or page.machine.id != machine_id
    return not page.lost.active() and (other or not page.running)


def _may_take_over(page: BenchPage) -> bool:
    return _idle(page) and page.take_over.possible()


def _extensometer_on(page: BenchPage) -> bool:
    state = page.state
    loading = state is not None and state.phase is RunPhase.LOADING
    return loading and state is not None and state.extension_mm is not None and state.run_id not in page.switched


def _extensometer_off(page: BenchPage) -> None:
    state, bench = page.state, page.bench
    if state is None:
        return
    page.switched.add(state.run_id)

    def failed(error: Exception) -> None:
        page.switched.discard(state.run_id)
        page.context.errors.report(error)
        page.refresh()

    def declared(nothing: object) -> None:
        del nothing
        words = translate("Bench", "Extensometer off at {0} kN: from here on its channel does not count.")
        page.context.errors.tell(NoticeState.OK, words.format(kn(state.force_kn)))
        page.refresh()

    Command(page.context.ops, page, lambda: bench.extensometer_off(state.machine_id)).then(declared).otherwise(
        failed
    ).start()


def _loader_word(page: BenchPage) -> str:
    person = page.loader.person
    if person is None:
        return translate("Bench", "Another person loads")
    return translate("Bench", "{0} loads no more").format(person.name)


def _may_declare(page: BenchPage) -> bool:
    return page.machine is not None and _idle(page)


def _declare(page: BenchPage, run_class: RunClass) -> None:
    if page.machine is not None:
        page.gate.declare(run_class, page.machine.id)


def _away(page: BenchPage) -> bool:
    at_list = page.stack.currentWidget() is page.idle
    return _idle(page) and not (at_list and page.banner.verdict is None)


def _back(page: BenchPage) -> None:
    page.gate.forget()
    page.stack.setCurrentWidget(page.idle)
    page.refresh()


def _lot_no(page: BenchPage) -> str:
    if page.gate.case is not None:
        return page.gate.case.lot.number
    line = page.idle.due.current_row()
    return line.lot_no if line is not None else ""


def _has_lot(page: BenchPage) -> bool:
    return bool(_lot_no(page))


def _measure(page: BenchPage) -> None:
    page.open_lot(_lot_no(page))
