"""Words of the sync page, without jargon: waits, on its way, arrived, refused, needs a person, closed."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication

from labdesk.domain.clock import WALL
from labdesk.domain.evaluation import Remark
from labdesk.domain.outbox import MessageKind, OutboxState
from labdesk.domain.sentences import say_known
from labdesk.services.sync_desk import SyncOverview, SyncRow
from labdesk.ui.i18n import language
from labdesk.ui.widgets.banner import Verdict, VerdictState
from labdesk.ui.widgets.chips import Chip, ChipState

translate = QCoreApplication.translate
_MINUTES_OF_HOUR, _HOURS_OF_DAY = 60, 24


def kind_word(kind: MessageKind) -> str:
    """What a message tells, in words."""
    return {
        MessageKind.RECEPTION: translate("Sync", "reception"),
        MessageKind.REJECTION: translate("Sync", "rejection"),
        MessageKind.RUN: translate("Sync", "run and curve"),
        MessageKind.MANUAL_READING: translate("Sync", "manual reading"),
        MessageKind.GAP_REASON: translate("Sync", "reason for a gap"),
        MessageKind.EVALUATION: translate("Sync", "evaluation"),
        MessageKind.SIGNATURE: translate("Sync", "signature"),
        MessageKind.REPORT_REQUEST: translate("Sync", "request for a report code"),
        MessageKind.REPORT_ISSUED: translate("Sync", "issued report"),
        MessageKind.FAILING_RESULT: translate("Sync", "failing result"),
        MessageKind.CHECKPOINT: translate("Sync", "seal of the log"),
    }[kind]


def state_word(state: OutboxState) -> str:
    """Where a message is, in words."""
    return {
        OutboxState.QUEUED: translate("Sync", "waits"),
        OutboxState.SENT: translate("Sync", "sent, no answer yet"),
        OutboxState.ACKNOWLEDGED: translate("Sync", "arrived"),
        OutboxState.REFUSED: translate("Sync", "refused"),
        OutboxState.NEEDS_PERSON: translate("Sync", "needs a person"),
        OutboxState.CLOSED: translate("Sync", "closed"),
    }[state]


def state_chip(row: SyncRow) -> Chip:
    """The same as a chip."""
    looks = {
        OutboxState.ACKNOWLEDGED: ChipState.OK,
        OutboxState.REFUSED: ChipState.BAD,
        OutboxState.NEEDS_PERSON: ChipState.BAD,
        OutboxState.SENT: ChipState.WARN,
        OutboxState.CLOSED: ChipState.QUIET,
    }
    return Chip(looks.get(row.message.state, ChipState.INFO), state_word(row.message.state))


def sentence(remark: Remark) -> str:
    """A reason as a sentence."""
    return say_known(remark.key, language(), remark.params)


def span(minutes: int) -> str:
    """A time span as people say it."""
    if minutes < _MINUTES_OF_HOUR:
        return translate("Sync", "{0} min").format(max(0, minutes))
    hours = minutes // _MINUTES_OF_HOUR
    if hours < _HOURS_OF_DAY:
        return translate("Sync", "{0} h").format(hours)
    return translate("Sync", "{0} d").format(hours // _HOURS_OF_DAY)


def moment(at: datetime, now: datetime) -> str:
    """Local time of today as ``HH:MM``, of other days with the date."""
    local = at.astimezone(WALL)
    return f"{local:%H:%M}" if local.date() == now.astimezone(WALL).date() else f"{local:%m-%d %H:%M}"


def overview_verdict(overview: SyncOverview) -> Verdict:
    """How things stand, in one line: ``3 waiting, oldest 2 h, last contact 14:02``."""
    status = overview.status
    parts = [translate("Sync", "{0} waiting").format(status.waiting)]
    if status.oldest is not None and status.waiting:
        parts.append(translate("Sync", "oldest {0}").format(span(_minutes(status.oldest, overview.now))))
    if status.last_contact is not None:
        parts.append(translate("Sync", "last contact {0}").format(moment(status.last_contact, overview.now)))
    else:
        parts.append(translate("Sync", "no contact yet"))
    line = translate("Sync", ", ").join(parts)
    stuck = overview.counts.get(OutboxState.REFUSED, 0) + overview.counts.get(OutboxState.NEEDS_PERSON, 0)
    if stuck:
        return Verdict(VerdictState.MISMATCH, translate("Sync", "{0} need a person").format(stuck), line)
    if not status.online:
        word = translate("Sync", "Platform out of reach, work goes on")
        return Verdict(VerdictState.HOLD, word, line)
    if overview.late:
        return Verdict(VerdictState.HOLD, translate("Sync", "Uploading late"), line)
    if status.waiting:
        return Verdict(VerdictState.INFO, translate("Sync", "Uploading"), line)
    return Verdict(VerdictState.MATCH, translate("Sync", "Everything has arrived"), line)


def _minutes(since: datetime, now: datetime) -> int:
    return int((now - since).total_seconds() // 60)
