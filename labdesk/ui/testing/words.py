"""What the bench calls things, in the language on screen."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from PySide6.QtCore import QCoreApplication

from labdesk.domain.capture import EndReason, LinkTrouble, LiveState, MachineState, RunClass, RunPhase
from labdesk.domain.errors import LabDeskError
from labdesk.domain.evaluation import Verdict
from labdesk.domain.sealed_run import RunMark
from labdesk.domain.sentences import say
from labdesk.ui.i18n import language
from labdesk.ui.widgets.chips import Chip, ChipState

translate = QCoreApplication.translate


def class_word(run_class: RunClass) -> str:
    """A run class."""
    return {
        RunClass.TEST: translate("Bench", "Test run"),
        RunClass.WARM_UP: translate("Bench", "Warm-up"),
        RunClass.INTERMEDIATE_CHECK: translate("Bench", "Intermediate check"),
        RunClass.VERIFICATION: translate("Bench", "Verification"),
        RunClass.TRIAL: translate("Bench", "Trial"),
    }[run_class]


def phase_word(phase: RunPhase) -> str:
    """Where a run stands."""
    return {
        RunPhase.IDLE: translate("Bench", "Ended"),
        RunPhase.ARMED: translate("Bench", "Armed · load now"),
        RunPhase.LOADING: translate("Bench", "Capturing · loading"),
        RunPhase.TAIL: translate("Bench", "Break found"),
        RunPhase.SEALING: translate("Bench", "Sealing"),
    }[phase]


def end_word(reason: EndReason) -> str:
    """Why a run ended."""
    return {
        EndReason.BREAK: translate("Bench", "Break found"),
        EndReason.UNLOADED: translate("Bench", "Unloaded without a break"),
        EndReason.OPERATOR: translate("Bench", "Ended by the operator"),
        EndReason.LIMIT: translate("Bench", "Time limit"),
        EndReason.LOST_LINK: translate("Bench", "Line lost"),
        EndReason.CAPTURE_RESTARTED: translate("Bench", "Capture restarted too late"),
    }[reason]


def mark_word(mark: RunMark) -> str:
    """What a person must look at."""
    return {
        RunMark.GAP: translate("Bench", "gap in the curve"),
        RunMark.RESTARTED: translate("Bench", "capture was restarted"),
        RunMark.BAD_FRAMES: translate("Bench", "bad frames"),
        RunMark.MISSING_FRAMES: translate("Bench", "missing frames"),
        RunMark.JOURNAL_INCOMPLETE: translate("Bench", "raw journal incomplete"),
        RunMark.NOT_LOADED: translate("Bench", "nothing was loaded"),
        RunMark.NO_BREAK: translate("Bench", "no break was seen"),
        RunMark.GAP_CRITICAL: translate("Bench", "gap near the maximum or the yield"),
        RunMark.SLOW_SAMPLING: translate("Bench", "too few samples a second"),
        RunMark.CLOCK_CHANGED: translate("Bench", "the computer's clock was set"),
        RunMark.IMPORTED: translate("Bench", "imported, not captured by LabDesk"),
    }[mark]


def channel_word(name: str) -> str:
    """A measured channel."""
    words = {"extension": translate("Bench", "Extensometer"), "displacement": translate("Bench", "Crosshead")}
    return words.get(name, name)


def channel_off(force_kn: Decimal) -> str:
    """A channel that was declared over while loading."""
    return translate("Bench", "taken off at {0} kN").format(kn(force_kn))


def trouble_word(trouble: LinkTrouble) -> str:
    """Why a line is not well."""
    return {
        LinkTrouble.NONE: "",
        LinkTrouble.UNPLUGGED: translate("Bench", "unplugged"),
        LinkTrouble.NO_SUCH_PORT: translate("Bench", "no such port"),
        LinkTrouble.PORT_TAKEN: translate("Bench", "port taken by another program"),
        LinkTrouble.NO_PERMISSION: translate("Bench", "no permission for the port"),
        LinkTrouble.SILENT: translate("Bench", "the machine says nothing"),
        LinkTrouble.GARBAGE: translate("Bench", "unreadable data"),
        LinkTrouble.ASLEEP: translate("Bench", "the computer slept"),
        LinkTrouble.NO_DRIVER: translate("Bench", "driver missing"),
        LinkTrouble.DISK: translate("Bench", "disk full or not writable"),
        LinkTrouble.NO_CAPTURE: translate("Bench", "the computer at the machine does not answer"),
        LinkTrouble.TAP_SILENT: say("tap.silent", language()),
        LinkTrouble.TAP_QUESTIONS: say("tap.questions", language()),
        LinkTrouble.TAP_ANSWERS: say("tap.answers", language()),
    }[trouble]


def state_chip(state: LiveState | None) -> Chip:
    """A machine's line as a chip."""
    if state is None:
        return Chip(ChipState.QUIET, translate("Bench", "not connected"))
    word = {
        MachineState.STOPPED: translate("Bench", "stopped"),
        MachineState.OPENING: translate("Bench", "connecting"),
        MachineState.READY: translate("Bench", "ready"),
        MachineState.CAPTURING: translate("Bench", "capturing"),
        MachineState.LOST: translate("Bench", "line lost"),
        MachineState.FAULT: translate("Bench", "fault"),
    }[state.state]
    look = {
        MachineState.READY: ChipState.OK,
        MachineState.CAPTURING: ChipState.INFO,
        MachineState.OPENING: ChipState.QUIET,
        MachineState.STOPPED: ChipState.QUIET,
    }.get(state.state, ChipState.BAD)
    if state.trouble is not LinkTrouble.NONE and look is ChipState.QUIET:
        look = ChipState.BAD
    return Chip(look, word)


def kind_word(kind: str) -> str:
    """A kind of test."""
    words = {
        "weight": translate("Bench", "weight"),
        "tension": translate("Bench", "tension"),
        "bend": translate("Bench", "bend"),
        "reverse-bend": translate("Bench", "reverse bend"),
        "compression": translate("Bench", "compression"),
        "measure": translate("Bench", "measured by hand"),
    }
    return words.get(kind, kind)


def field_word(name: str) -> str:
    """A hand entry with its unit."""
    words = {
        "total_mass_g": translate("Bench", "Total mass, g"),
        "length_mm": translate("Bench", "Length, mm"),
        "l0_mm": translate("Bench", "L0 mark, mm"),
        "lu_mm": translate("Bench", "Lu after break, mm"),
        "agt_l0_mm": translate("Bench", "Agt mark, mm"),
        "agt_l_mm": translate("Bench", "Agt after, mm"),
        "measured_a_mm": translate("Bench", "Side a, mm"),
        "measured_b_mm": translate("Bench", "Side b, mm"),
        "bend_result": translate("Bench", "Bend"),
        "reverse_bend_result": translate("Bench", "Reverse bend"),
    }
    return words.get(name, name)


def choice_word(choice: str) -> str:
    """A value that is chosen."""
    words = {"no-crack": translate("Bench", "no crack"), "crack": translate("Bench", "crack")}
    return words.get(choice, choice)


def verdict_chip(verdict: Verdict) -> Chip:
    """A verdict as a chip."""
    return {
        Verdict.PASS: Chip(ChipState.OK, translate("Bench", "pass")),
        Verdict.FAIL: Chip(ChipState.BAD, translate("Bench", "fail")),
        Verdict.RETEST: Chip(ChipState.WARN, translate("Bench", "retest")),
        Verdict.INVALID: Chip(ChipState.BAD, translate("Bench", "invalid")),
        Verdict.NOT_EVALUATED: Chip(ChipState.QUIET, translate("Bench", "no verdict")),
    }[verdict]


def said(key: str, params: Mapping[str, object]) -> str:
    """A sentence of the rules; kinds, fields and choices in its parameters are said in the same language."""
    return say(key, language(), **{name: _param(name, value) for name, value in params.items()})


def said_error(error: Exception) -> str:
    """The sentence of an error."""
    if isinstance(error, LabDeskError):
        return said(error.key, error.params)
    return said("shell.bug", {"reference": "-", "detail": type(error).__name__})


def _param(name: str, value: object) -> object:
    text = str(value)
    if name in ("test", "planned"):
        return ", ".join(kind_word(part) for part in text.split(", "))
    if name == "field":
        return say(f"review.field.{text}", language())
    if name == "name":
        return field_word(text)
    if name == "choices":
        return " / ".join(choice_word(part) for part in text.split(" / "))
    if name in ("old", "new"):
        return choice_word(text)
    return value


def kn(force: Decimal | None) -> str:
    """A force to a tenth of a kN, for the eye."""
    return "–" if force is None else f"{force:z.1f}"


def clock_text(elapsed_ms: int) -> str:
    """``01:07.4``."""
    tenths = max(0, elapsed_ms) // 100
    return f"{tenths // 600:02d}:{tenths % 600 // 10:02d}.{tenths % 10}"
