"""Capture as the rest of LabDesk sees it: machine states, what is armed, what is live, and the port to the capture process.

Forces are kN, lengths mm, times as named. Live values are for the eye; evidence is the sealed run (``domain/sealed_run.py``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from labdesk.domain.errors import BugError
from labdesk.domain.machines import Calibration, Machine


class MachineState(StrEnum):
    """State of one machine's line."""

    STOPPED = "stopped"
    OPENING = "opening"
    READY = "ready"
    CAPTURING = "capturing"
    LOST = "lost"
    FAULT = "fault"


class LinkTrouble(StrEnum):
    """Why a line is not well; told apart because the cure differs."""

    NONE = "none"
    UNPLUGGED = "unplugged"
    NO_SUCH_PORT = "no-such-port"
    PORT_TAKEN = "port-taken"
    NO_PERMISSION = "no-permission"
    SILENT = "silent"
    GARBAGE = "garbage"
    ASLEEP = "asleep"
    """The computer slept; what the machine said meanwhile is lost."""
    NO_DRIVER = "no-driver"
    DISK = "disk"
    NO_CAPTURE = "no-capture"
    """The capture process on the other computer does not answer; what goes on there is not known, and goes on."""
    TAP_SILENT = "tap-silent"
    """A tap (a port that is only listened to) hears nothing at all."""
    TAP_QUESTIONS = "tap-questions"
    """A tap hears only what the other program asks: its wire hangs on the wrong side."""
    TAP_ANSWERS = "tap-answers"
    """A tap hears answers without the questions that say what they mean."""


class RunPhase(StrEnum):
    """Where a run stands."""

    IDLE = "idle"
    ARMED = "armed"
    LOADING = "loading"
    TAIL = "tail"
    SEALING = "sealing"


class RunClass(StrEnum):
    """Declared before loading; only ``test`` counts for a report."""

    TEST = "test"
    WARM_UP = "warm-up"
    INTERMEDIATE_CHECK = "intermediate-check"
    VERIFICATION = "verification"
    TRIAL = "trial"


class BreakRule(StrEnum):
    """How a break is recognised once the arming force was passed; each must hold for ``confirm_points`` points."""

    ATTENUATION = "attenuation"
    """Force has dropped by ``percent`` of the peak."""
    BELOW_PEAK = "below-peak"
    """Force is ``drop_kn`` below the peak."""
    ADJACENT_DROP = "adjacent-drop"
    """Force fell by ``drop_kn`` between two adjacent points and has not come back by half of it."""


@dataclass(frozen=True)
class BreakCriterion:
    """One break rule with its threshold.

    Attributes:
        rule: which of the three.
        percent: drop in percent of the peak, for ``ATTENUATION``.
        drop_kn: drop in kN, for the other two.
        confirm_points: consecutive points that must confirm, at least 1.
    """

    rule: BreakRule
    percent: Decimal = Decimal(0)
    drop_kn: Decimal = Decimal(0)
    confirm_points: int = 3

    def __post_init__(self) -> None:
        threshold = self.percent if self.rule is BreakRule.ATTENUATION else self.drop_kn
        if threshold <= 0 or self.percent >= 100 or self.confirm_points < 1:
            raise BugError("bug.break_criterion", rule=self.rule.value)


class EndReason(StrEnum):
    """Why a run ended; stored with it."""

    BREAK = "break"
    UNLOADED = "unloaded"
    """Force went back below half of the preload without a break."""
    OPERATOR = "operator"
    LIMIT = "limit"
    LOST_LINK = "lost-link"
    CAPTURE_RESTARTED = "capture-restarted"
    """The capture process came back too late to go on with the run."""


@dataclass(frozen=True)
class RateBand:
    """Stress rate that the standard prescribes over a part of the loading; start and end of a hand valve are outside.

    Attributes:
        low_mpa_s, high_mpa_s: the band.
        from_kn: judged from this force on.
        to_kn: until the largest force so far passes this one (the yield of steel); ``None``: until the force stops rising.
    """

    low_mpa_s: Decimal
    high_mpa_s: Decimal
    from_kn: Decimal
    to_kn: Decimal | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.low_mpa_s < self.high_mpa_s or (self.to_kn is not None and self.to_kn <= self.from_kn):
            raise BugError("bug.rate_band", low=str(self.low_mpa_s), high=str(self.high_mpa_s))


class RateLight(StrEnum):
    """Where the live stress rate stands; ``OFF`` where the standard prescribes none."""

    OFF = "off"
    GREEN = "green"
    AMBER = "amber"
    """Outside the band by less than a tenth of its width."""
    RED = "red"


@dataclass(frozen=True)
class RunRequest:
    """What is about to be loaded, declared before it is.

    Attributes:
        run_id: key of the run (UUIDv7); arming the same id twice is harmless, arming a sealed one is refused.
        run_number: the human number, if one was given already.
        machine_id: the machine.
        run_class: test, warm-up ...
        specimen_label: blind number on the label; empty for a warm-up.
        operator_id, operator_name: who declared it and runs the machine.
        method: method id (``rebar-lot``, ``concrete-cube`` ...).
        area_mm2: cross-section for stress and stress rate, ``None`` where it means nothing.
        calibration: the machine's calibration, frozen.
        preload_kn: the run starts when the force stays above it.
        arming_kn: start-judging force; before it nothing counts as a break.
        criterion: how the break is recognised.
        pre_trigger_ms: kept before the start (at least 2000 advised).
        tail_ms: kept after the break.
        limit_s: longest time from arming to end in seconds; then the run is sealed as ``LIMIT``.
        min_rate_hz: sampling rate below which the record carries a warning; ``None``: nothing is asked.
        rate_band: stress rate of the standard, followed live and stored; needs ``area_mm2``.
        companion_ids: other machines (an extensometer on a line of its own) whose samples belong to this run.
        critical_from_percent: a gap at this share of the largest force or above marks the run as ``gap-critical``
            (90: near the maximum; steel 45: from below yield on).
        loader_id, loader_name: who put the piece in, if declared to be somebody else.
    """

    run_id: str
    machine_id: str
    run_class: RunClass
    specimen_label: str
    operator_id: str
    operator_name: str
    method: str
    calibration: Calibration
    preload_kn: Decimal
    arming_kn: Decimal
    criterion: BreakCriterion
    area_mm2: Decimal | None = None
    run_number: str = ""
    pre_trigger_ms: int = 2000
    tail_ms: int = 1000
    limit_s: int = 3600
    min_rate_hz: Decimal | None = None
    rate_band: RateBand | None = None
    companion_ids: tuple[str, ...] = ()
    critical_from_percent: int = 90
    loader_id: str = ""
    loader_name: str = ""

    def __post_init__(self) -> None:
        times_fit = self.pre_trigger_ms >= 0 and self.tail_ms >= 0 and self.limit_s >= 1
        forces_fit = 0 < self.preload_kn <= self.arming_kn and 0 < self.critical_from_percent <= 100
        machines_differ = len({self.machine_id, *self.companion_ids}) == 1 + len(self.companion_ids)
        if not (times_fit and forces_fit and machines_differ and (self.rate_band is None or self.area_mm2)):
            raise BugError("bug.run_request", run_id=self.run_id)


@dataclass(frozen=True)
class LivePoint:
    """One point of the decimated live curve; ``elapsed_ms`` counts from the start of loading (negative before it)."""

    seq: int
    elapsed_ms: int
    force_kn: Decimal
    extension_mm: Decimal | None = None
    displacement_mm: Decimal | None = None


@dataclass(frozen=True)
class LiveState:
    """The newest state of one machine, complete in itself: a client that missed others has lost nothing.

    Attributes:
        seq: grows with every new state of this machine.
        state, trouble, detail: of the line; ``detail`` is the system's own words.
        phase, run_id, specimen_label: of the run in progress.
        force_kn, extension_mm, displacement_mm: newest values; ``None`` where the machine sent none.
        rate_kn_s: force rate over the last half second.
        peak_kn: largest force of the run so far.
        elapsed_ms: since the start of loading.
        achieved_hz: measured samples per second.
        largest_gap_ms: longest time without a sample in this run.
        good_frames, bad_frames, skipped_bytes: of the line since it was opened.
        interrupted: the run in progress has a gap or lived through a restart.
        jitter_us: how unevenly the samples of the last two seconds came, root mean square in microseconds.
        too_slow: the machine sends fewer samples a second than the run asks for.
        stress_rate_mpa_s, rate_light: stress rate over the last second and where it stands in the standard's band.
        rate_out_percent: share of the judged part that was out of the band so far, ``None`` before there is one.
        gap_seqs: numbers of points before which samples are missing: the line of the curve is interrupted there.
        sealed_run_id: the run this machine sealed last (its bytes can be fetched).
        points: the run's curve so far, thinned to at most a few thousand points with their extremes kept.
        at: wall clock of the newest sample.
    """

    machine_id: str
    seq: int
    state: MachineState
    trouble: LinkTrouble = LinkTrouble.NONE
    detail: str = ""
    phase: RunPhase = RunPhase.IDLE
    run_id: str = ""
    specimen_label: str = ""
    force_kn: Decimal | None = None
    extension_mm: Decimal | None = None
    displacement_mm: Decimal | None = None
    rate_kn_s: Decimal | None = None
    peak_kn: Decimal | None = None
    elapsed_ms: int = 0
    achieved_hz: Decimal | None = None
    largest_gap_ms: int = 0
    good_frames: int = 0
    bad_frames: int = 0
    skipped_bytes: int = 0
    interrupted: bool = False
    jitter_us: int = 0
    too_slow: bool = False
    stress_rate_mpa_s: Decimal | None = None
    rate_light: RateLight = RateLight.OFF
    rate_out_percent: int | None = None
    gap_seqs: tuple[int, ...] = ()
    sealed_run_id: str = ""
    points: tuple[LivePoint, ...] = ()
    at: datetime | None = None


@dataclass(frozen=True)
class RunOutcome:
    """A sealed run as listed, before its bytes are fetched.

    Attributes:
        run_hash: SHA-256 (hex) of the sealed bytes: the run's identity in evaluations and reports.
        loaded: whether the start of loading was seen; ``False`` means the piece was not touched.
        peak_kn: largest force between start and end, ``None`` if not loaded.
        marked: the run has a gap, a restart or bad frames in its loading; a person must look.
        samples: number of samples in the sealed run.
    """

    run_id: str
    machine_id: str
    specimen_label: str
    run_class: RunClass
    run_hash: str
    end_reason: EndReason
    end_detail: str
    loaded: bool
    peak_kn: Decimal | None
    marked: bool
    samples: int
    started_at: datetime
    sealed_at: datetime


LiveListener = Callable[[LiveState], None]
"""Called on the client's own thread with the newest state; must return quickly."""


class CapturePort(Protocol):
    """The way to the capture process. All calls raise ``EnvironmentFault("capture.unreachable")`` when it does not answer."""

    def states(self) -> tuple[LiveState, ...]:
        """The newest state of every configured machine."""
        ...

    def configure(self, machines: tuple[Machine, ...]) -> None:
        """Makes these the machines to hold open; unchanged ones are not touched, a machine with a run in progress is kept."""
        ...

    def arm(self, request: RunRequest) -> None:
        """Declares a run and starts its journal; returns when the journal is on disk.

        Raises:
            OperatorError: ``capture.machine_busy``, ``capture.machine_not_ready``, ``capture.not_zero``,
                ``capture.run_exists``, ``capture.unknown_machine``.
            EnvironmentFault: ``capture.disk`` when the journal cannot be written.
        """
        ...

    def abort(self, machine_id: str, reason: str) -> None:
        """Ends the run in progress at the operator's word; it is sealed, never deleted. Without a run nothing happens."""
        ...

    def switch_channel(self, machine_id: str, channel: str, reason: str) -> None:
        """Declares that ``channel`` of the run in progress means nothing from now on (extensometer taken off at yield).

        Raises:
            OperatorError: ``capture.no_run`` without a run in progress, ``capture.no_channel`` if it has no such channel.
        """
        ...

    def subscribe(self, listener: LiveListener) -> Callable[[], None]:
        """Calls ``listener`` with newest states (about 25 a second at most); returns what ends it."""
        ...

    def sealed_runs(self) -> tuple[RunOutcome, ...]:
        """Sealed runs that were not acknowledged yet, oldest first, also those whose client had died."""
        ...

    def fetch(self, run_id: str) -> bytes:
        """The sealed run's bytes; raises OperatorError ``capture.no_such_run``."""
        ...

    def fetch_journal(self, run_id: str, device: int = 0) -> bytes:
        """The raw journal's bytes (their SHA-256 stands in the sealed run); raises OperatorError ``capture.no_such_run``.

        Args:
            device: 0 for the run's own machine, from 1 its companions in the order of ``SealedRun.companions``.
        """
        ...

    def acknowledge(self, run_id: str) -> None:
        """Tells capture that the run is stored safely elsewhere; it leaves the list but its files stay."""
        ...
