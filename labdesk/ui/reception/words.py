"""Words and chips of reception: short ones for chips, sentences of rules for the banner."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication

from labdesk.domain.clock import WALL
from labdesk.domain.commission import LotOrder
from labdesk.domain.reception import Finding, LotCount, Rejection, Scanned, ScanVerdict
from labdesk.domain.sentences import catalogue, say
from labdesk.domain.specimens import Lot
from labdesk.services.reception_papers import method_name, size_of
from labdesk.ui.i18n import language
from labdesk.ui.widgets.chips import Chip, ChipState

translate = QCoreApplication.translate
_MINUTES = (ScanVerdict.WITNESS_LATE, ScanVerdict.SITE_TOO_FAR)
_HEAD, _GROUP = 6, 4


def sentence(key: str, **params: object) -> str:
    """A sentence of the rules in the language on screen."""
    return say(key, language(), **params)


def verdict_word(finding: Finding) -> str:
    """What a finding means, as one line."""
    return sentence(f"reception.verdict.{finding.verdict.value}")


def field_word(finding: Finding) -> str:
    """Name of the field that differs."""
    return sentence(f"reception.field.{finding.field}") if finding.field else ""


def paper_word(paper: str) -> str:
    """Name of a paper; one that the profile names and nobody knows here is shown as it is."""
    key = f"reception.paper.{paper}"
    return sentence(key) if key in catalogue() else paper


def tag_text(tag: str) -> str:
    """A tag in groups that can be read aloud: ``YK2107 4408 1263``."""
    if len(tag) != _HEAD + 2 * _GROUP or not tag.isalnum():
        return tag
    return f"{tag[:_HEAD]} {tag[_HEAD : _HEAD + _GROUP]} {tag[_HEAD + _GROUP :]}"


def moment(at: datetime) -> str:
    """Month, day, hour and minute on the laboratory's wall."""
    return at.astimezone(WALL).strftime("%m-%d %H:%M")


def specification(lot: LotOrder | Lot) -> str:
    """Grade and size: ``HRB400E Φ25``."""
    grade = lot.settings.get("grade") or lot.settings.get("design_grade", "")
    return " ".join(part for part in (grade, size_of(lot), method_name(lot, language())) if part)


def short_word(finding: Finding) -> str:
    """A finding in the few words a chip has room for."""
    verdict = finding.verdict
    if verdict in _MINUTES and finding.expected.startswith("≤ ") and not finding.found.startswith("-"):
        return f"{finding.found} > {finding.expected.removeprefix('≤ ')}"
    words = {
        ScanVerdict.MATCH: translate("Reception", "match"),
        ScanVerdict.WITNESS_LATE: translate("Reception", "witnessed {0}").format(finding.found),
        ScanVerdict.SAMPLER_NOT_AUTHORISED: translate("Reception", "sampler not authorised"),
        ScanVerdict.WITNESS_NOT_AUTHORISED: translate("Reception", "witness not authorised"),
        ScanVerdict.SAMPLER_IS_WITNESS: translate("Reception", "sampler = witness"),
        ScanVerdict.NOT_CLIENT_COMMISSION: translate("Reception", "not by the client"),
        ScanVerdict.TAG_DAMAGED: translate("Reception", "tag damaged"),
        ScanVerdict.PIECE_DAMAGED: translate("Reception", "piece damaged"),
        ScanVerdict.QUANTITY_SHORT: translate("Reception", "not here"),
        ScanVerdict.TAG_VOID: translate("Reception", "tag void"),
        ScanVerdict.ALREADY_RECEIVED: translate("Reception", "received before"),
    }
    return words.get(verdict) or verdict_word(finding)


def waiting_chip() -> Chip:
    """A piece that was not scanned yet."""
    return Chip(ChipState.INFO, translate("Reception", "to scan"))


def piece_chip(count: LotCount, newest: Scanned | None, slip: Rejection | None) -> Chip:
    """How a piece stands."""
    if slip is not None:
        return Chip(ChipState.BAD, refused_word(slip))
    if newest is None:
        return Chip(ChipState.QUIET, "—") if count.refusal is not None else waiting_chip()
    finding = newest.finding
    if finding.verdict is ScanVerdict.MATCH:
        return Chip(ChipState.OK, short_word(finding))
    if finding.verdict is ScanVerdict.QUANTITY_SHORT:
        return Chip(ChipState.WARN, short_word(finding))
    return Chip(ChipState.BAD if finding.refuses() else ChipState.WARN, short_word(finding))


def lot_chip(count: LotCount, finding: Finding | None, slip: Rejection | None) -> Chip:
    """How a lot stands as a whole."""
    if slip is not None:
        return Chip(ChipState.BAD, refused_word(slip))
    if finding is not None:
        return Chip(ChipState.BAD if finding.refuses() else ChipState.WARN, short_word(finding))
    done, needed = len(count.matched), count.lot.required
    short = count.short() and not count.waiting
    state = ChipState.OK if done >= needed else ChipState.BAD if short else ChipState.INFO
    return Chip(state, f"{done} / {needed}")


def refused_word(slip: Rejection) -> str:
    """Refused, with the number of the slip."""
    return translate("Reception", "refused {0}").format(slip.number)
