"""Words of the counter: pieces, moments, verdicts and papers as people read them, in the language on screen."""

from __future__ import annotations

from datetime import datetime
from decimal import ROUND_CEILING

from PySide6.QtCore import QCoreApplication

from labdesk.domain.commission import Commission, LotOrder, Sampling, TestType
from labdesk.domain.profile import RegionProfile
from labdesk.domain.reception import WALL, Finding, ScanVerdict
from labdesk.domain.sentences import say
from labdesk.domain.specimens import Lot
from labdesk.ui.i18n import language
from labdesk.ui.widgets.chips import Chip, ChipState

translate = QCoreApplication.translate


def tag_word(tag: str) -> str:
    """A tag in groups, as one reads it aloud."""
    return tag.replace("-", " ")


def spec_word(lot: LotOrder | Lot) -> str:
    """Grade and size: ``HRB400E Φ25``, ``C35 150 mm``."""
    grade = lot.settings.get("grade") or lot.settings.get("design_grade", "")
    diameter, side = lot.settings.get("diameter_mm"), lot.settings.get("side_mm")
    size = f"Φ{diameter}" if diameter else f"{side} mm" if side else ""
    return f"{grade} {size}".strip() or lot.material


def moment_word(moment: datetime) -> str:
    """Wall time without the year."""
    return moment.astimezone(WALL).strftime("%m-%d %H:%M")


def day_word(moment: datetime) -> str:
    """The day on the wall."""
    return moment.astimezone(WALL).date().isoformat()


def type_word(test_type: TestType) -> str:
    """The test type."""
    return {
        TestType.ORDINARY: translate("Reception", "ordinary test"),
        TestType.WITNESSED: translate("Reception", "witnessed test"),
        TestType.PARALLEL: translate("Reception", "parallel test"),
        TestType.SUPERVISION: translate("Reception", "supervision sampling"),
    }[test_type]


def paper_word(paper: str) -> str:
    """A paper that travels with the samples."""
    return say(f"reception.paper.{paper}", language())


def verdict_word(finding: Finding) -> str:
    """The verdict as the banner says it."""
    return say(f"reception.verdict.{finding.verdict.value}", language())


def field_word(finding: Finding) -> str:
    """The differing field."""
    return say(f"reception.field.{finding.field}", language()) if finding.field else ""


def short_word(finding: Finding) -> str:
    """The verdict in a chip of the table."""
    words = {
        ScanVerdict.MATCH: translate("Reception", "match"),
        ScanVerdict.UNKNOWN_TAG: translate("Reception", "unknown tag"),
        ScanVerdict.OTHER_COMMISSION: translate("Reception", "tag of {0}"),
        ScanVerdict.WRONG_PROJECT: translate("Reception", "other project"),
        ScanVerdict.ALREADY_RECEIVED: translate("Reception", "received as {0}"),
        ScanVerdict.ALREADY_REFUSED: translate("Reception", "refused, {0}"),
        ScanVerdict.TAG_VOID: translate("Reception", "tag void"),
        ScanVerdict.WITNESS_LATE: translate("Reception", "witnessed late"),
        ScanVerdict.SAMPLER_NOT_AUTHORISED: translate("Reception", "sampler not authorised"),
        ScanVerdict.WITNESS_NOT_AUTHORISED: translate("Reception", "witness not authorised"),
        ScanVerdict.SAMPLER_IS_WITNESS: translate("Reception", "sampler is witness"),
        ScanVerdict.SITE_TOO_FAR: translate("Reception", "too far from site"),
        ScanVerdict.NOT_CLIENT_COMMISSION: translate("Reception", "not the client's"),
        ScanVerdict.PAPER_MISSING: translate("Reception", "paper missing"),
        ScanVerdict.TAG_DAMAGED: translate("Reception", "tag damaged"),
        ScanVerdict.PIECE_DAMAGED: translate("Reception", "piece damaged"),
        ScanVerdict.QUANTITY_SHORT: translate("Reception", "not here"),
    }
    return words.get(finding.verdict, verdict_word(finding)).format(finding.found)


def pieces_word(count: int) -> str:
    """A number of pieces."""
    return translate("Reception", "{0} pieces").format(count)


def lots_word(commission: Commission) -> str:
    """What a commission holds: ``HRB400E Φ25 × 6 · C35 150 mm × 3``."""
    return " · ".join(f"{spec_word(lot)} × {len(lot.samples)}" for lot in commission.lots)


def delay_chip(sampling: Sampling, profile: RegionProfile) -> Chip:
    """How long the witnessing took, against the limit of the region."""
    delay = sampling.witness_delay_min()
    late = delay < 0 or delay > profile.number("witness_delay_min")
    minutes = delay.to_integral_value(ROUND_CEILING)
    return Chip(ChipState.BAD if late else ChipState.OK, translate("Reception", "{0} min").format(minutes))


def distance_chip(sampling: Sampling, profile: RegionProfile) -> Chip:
    """Whether the sampling lay within reach of the site."""
    if sampling.distance_m > profile.number("site_distance_m"):
        return Chip(ChipState.WARN, translate("Reception", "too far"))
    return Chip(ChipState.OK, translate("Reception", "within range"))
