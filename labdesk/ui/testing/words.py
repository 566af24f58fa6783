"""What the bench calls things, in the language on screen."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from PySide6.QtCore import QCoreApplication

from labdesk.domain.capture import EndReason, LinkTrouble, LiveState, MachineState, RunClass, RunPhase
from labdesk.domain.errors import LabDeskError
from labdesk.domain.evaluation import Value, Verdict
from labdesk.domain.sealed_run import RunMark
from labdesk.domain.sentences import say
from labdesk.domain.taps import tap_sentence
from labdesk.services.entries import EntryField
from labdesk.services.evaluating import Missing
from labdesk.services.lot_forms import choice_words
from labdesk.services.method_info import LotForm
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
        RunMark.STUCK_VALUE: translate("Bench", "the force stood still"),
        RunMark.PEAK_HELD: translate("Bench", "peak hold was on"),
        RunMark.LOOKS_UNLOADED: translate("Bench", "looks unloaded, not broken"),
        RunMark.LONE_PEAK: translate("Bench", "the peak is a single reading"),
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
        LinkTrouble.TAP_SILENT: say("tap.word.silent", language()),
        LinkTrouble.TAP_QUESTIONS: say("tap.word.questions", language()),
        LinkTrouble.TAP_ANSWERS: say("tap.word.answers", language()),
    }[trouble]


def trouble_told(trouble: LinkTrouble) -> str:
    """Why a line is not well, and of a tap also where to look and what to do."""
    sentence = tap_sentence(trouble.value)
    return say(sentence, language()) if sentence else trouble_word(trouble)


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
        "flexure": translate("Bench", "flexure"),
        "splitting": translate("Bench", "splitting"),
        "shear": translate("Bench", "weld shear"),
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
    return choice_words(choice, language())


def caption_word(item: EntryField) -> str:
    """A field's caption with its unit."""
    if item.words is None:
        return field_word(item.name)
    name = item.words[language()]
    return f"{name}, {item.unit}" if item.unit else name


def hint_word(item: EntryField) -> str:
    """What stands beside a caption: what was commissioned, or the range of what can be."""
    if item.given:
        return translate("Bench", "as commissioned")
    if item.asked:
        return translate("Bench", "commissioned: {0}").format(item.asked)
    if item.words is None or item.choices or (item.low is None and item.high is None):
        return ""
    low, high = ("…" if end is None else f"{end:f}" for end in (item.low, item.high))
    return f"≥ {low}" if item.high is None else f"{low} … {high}"


def result_words(form: LotForm | None) -> Mapping[str, str]:
    """Names of a sheet's results by symbol."""
    return {} if form is None else {item.symbol: item.words[language()] for item in form.results}


def verdict_chip(verdict: Verdict) -> Chip:
    """A verdict as a chip."""
    return {
        Verdict.PASS: Chip(ChipState.OK, translate("Bench", "pass")),
        Verdict.FAIL: Chip(ChipState.BAD, translate("Bench", "fail")),
        Verdict.RETEST: Chip(ChipState.WARN, translate("Bench", "retest")),
        Verdict.INVALID: Chip(ChipState.BAD, translate("Bench", "invalid")),
        Verdict.NOT_EVALUATED: Chip(ChipState.QUIET, translate("Bench", "no verdict")),
    }[verdict]


def value_chip(item: Value) -> Chip:
    """The verdict on one value; a dash where nothing is judged."""
    if not item.limit and item.verdict is Verdict.NOT_EVALUATED:
        return Chip(ChipState.QUIET, "–")
    return verdict_chip(item.verdict)


def limit_word(item: Value) -> str:
    """A value's limit."""
    text = item.limit.replace("no crack", said("print.value.no_crack", {}))
    text = text.replace("crack <", said("print.value.crack_below", {}))
    return text.replace(">=", "≥").replace("<=", "≤").replace(" .. ", " … ") or "–"


def rounded_word(item: Value) -> str:
    """A value as reported."""
    return "–" if item.rounded is None else format(item.rounded, "f")


def missing_text(item: Missing) -> str:
    """What is missing, in words."""
    params = dict(item.params)
    if params.get("label") == "-":
        params["label"] = translate("Measure", "whole lot")
    return said(item.key, params)


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


def kn(force: Decimal | None, scale: Decimal | None = None) -> str:
    """A force for the eye: to a tenth of a kN, finer where the largest force to come (``scale``, kN) is small."""
    if force is None:
        return "–"
    digits = 1 if scale is None or scale >= 20 else 2 if scale >= 5 else 3
    return f"{force:z.{digits}f}"


def peak_text(peak_kn: Decimal | None) -> str:
    """The largest force of a finished run with its unit: ``612.4 kN``, ``2.990 kN``."""
    return f"{kn(peak_kn, peak_kn)} kN"


def mpa(stress_mpa: Decimal) -> str:
    """The stress at the largest force: ``615.3 MPa``, ``4.63 MPa``."""
    return f"{stress_mpa:.{1 if stress_mpa >= 20 else 2}f} MPa"


def clock_text(elapsed_ms: int) -> str:
    """``01:07.4``."""
    tenths = max(0, elapsed_ms) // 100
    return f"{tenths // 600:02d}:{tenths % 600 // 10:02d}.{tenths % 10}"
