"""The right of the counter: where the samples come from, how they were taken, the photos, and the keys."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QWidget

from labdesk.domain.commission import Commission, LotOrder
from labdesk.domain.projects import PartyRole
from labdesk.domain.reception import Finding, ReceptionView, ScanVerdict
from labdesk.ui.fonts import font
from labdesk.ui.page import KeyAction
from labdesk.ui.reception.words import moment, short_word
from labdesk.ui.tokens import Size, Space, TypeSize
from labdesk.ui.widgets.basics import Card, column
from labdesk.ui.widgets.chips import Chip, ChipState, chip_width
from labdesk.ui.widgets.facts import Fact, FactList
from labdesk.ui.widgets.key_hints import KeyHints
from labdesk.ui.widgets.photos import Photo, PhotoStrip

translate = QCoreApplication.translate
#: So much room a value has together with the chip beside it.
_BESIDE = Size.SIDE - 2 * (Space.L + Space.XS) - Size.LABEL_COLUMN - Space.L
#: Keys whose hint stands on the photos' card, or that every page has.
_PRINTED_ELSEWHERE = ("P", "Esc")


class CounterSide(QWidget):
    """Facts, photos and keys of the open commission; facts and photos are those of the lot in front."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedWidth(Size.SIDE)
        self.facts, self.strip, self.hints = FactList(), PhotoStrip(), KeyHints()
        self._facts, self.photos, self._keys = Card(), Card(), Card()
        self._facts.body.addWidget(self.facts)
        self.photos.body.addWidget(self.strip)
        self._keys.body.addWidget(self.hints)
        inner = QWidget()
        rows = column(self._facts, self.photos, gap=Space.M)
        rows.addStretch(1)
        inner.setLayout(rows)
        scroller = QScrollArea()
        scroller.setWidgetResizable(True)
        scroller.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroller.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroller.setWidget(inner)
        self._keys.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        layout = column(scroller, self._keys, gap=Space.M)
        layout.setStretch(0, 1)
        self.setLayout(layout)

    def show_lot(self, view: ReceptionView, lot: LotOrder) -> None:
        """Shows where a lot comes from."""
        self.facts.show_facts((*_project(view), *_sampling(view, lot)))

    def show_photos(self, photos: Sequence[Photo]) -> None:
        """Shows the photos of sampling."""
        self.photos.set_title(translate("Reception", "Photos of sampling · {0} · P").format(len(photos)))
        self.photos.setVisible(bool(photos))
        if self.strip.photos != tuple(photos):
            self.strip.show_photos(photos)

    def show_keys(self, actions: Sequence[KeyAction]) -> None:
        """Prints the keys that are possible now."""
        self.hints.show_actions([action for action in actions if action.key not in _PRINTED_ELSEWHERE])


def _project(view: ReceptionView) -> list[Fact]:
    commission = view.commission
    place = f"{commission.project_name} {commission.unit_name}".strip()
    found = [
        Fact(translate("Reception", "Project"), place, strong=True),
        Fact(translate("Reception", "Project code"), commission.project_code),
    ]
    found += _with_chip(translate("Reception", "Client"), commission.client.name, _client_chip(view))
    found.append(Fact(translate("Reception", "Contractor"), commission.contractor.name))
    if not view.client_commissioned:
        found.append(Fact(translate("Reception", "Ordered by"), _commissioner(commission), state="warn"))
    return found


def _commissioner(commission: Commission) -> str:
    return commission.commissioned_by.name


def _client_chip(view: ReceptionView) -> Chip:
    if view.commission.commissioned_by.role is PartyRole.CLIENT:
        return Chip(ChipState.OK, translate("Reception", "orders"))
    if view.client_commissioned:
        return Chip(ChipState.INFO, translate("Reception", "supervision sampling"))
    return Chip(ChipState.WARN, translate("Reception", "not commissioning"))


def _with_chip(caption: str, value: str, chip: Chip) -> list[Fact]:
    """A row with its chip; a long value gets the chip below it."""
    if QFontMetricsF(font(TypeSize.BODY)).horizontalAdvance(value) + chip_width(chip) <= _BESIDE:
        return [Fact(caption, value, chip)]
    return [Fact(caption, value), Fact("", "", chip)]


def _sampling(view: ReceptionView, lot: LotOrder) -> list[Fact]:
    sampling = lot.sampling
    finding = view.lot_findings.get(lot.index)
    people = f"{sampling.sampler.name} / {sampling.witness.name}"
    minutes = translate("Reception", "{0} min").format(f"{sampling.witness_delay_min():.0f}")
    late = _chip_of(finding, ScanVerdict.WITNESS_LATE, minutes)
    far = _chip_of(finding, ScanVerdict.SITE_TOO_FAR, translate("Reception", "within range"))
    trouble = finding if finding is not None and finding.verdict in _OF_PEOPLE else None
    found = (
        [Fact(translate("Reception", "Sampling"), people)]
        if trouble is None
        else [
            Fact(translate("Reception", "Sampling"), people, state="bad"),
            Fact("", "", Chip(ChipState.BAD if trouble.refuses() else ChipState.WARN, short_word(trouble))),
        ]
    )
    distance = translate("Reception", "{0} m from the site").format(f"{sampling.distance_m:f}")
    return [
        *found,
        Fact(translate("Reception", "Sampled"), moment(sampling.sampled_at)),
        Fact(translate("Reception", "Witnessed"), moment(sampling.witnessed_at), late),
        Fact(translate("Reception", "Position"), distance, far),
    ]


_OF_PEOPLE = (
    ScanVerdict.SAMPLER_NOT_AUTHORISED,
    ScanVerdict.WITNESS_NOT_AUTHORISED,
    ScanVerdict.SAMPLER_IS_WITNESS,
)


def _chip_of(finding: Finding | None, verdict: ScanVerdict, good: str) -> Chip:
    """Green with ``good``, or what the finding says of it."""
    if finding is None or finding.verdict is not verdict:
        return Chip(ChipState.OK, good)
    return Chip(ChipState.BAD if finding.refuses() else ChipState.WARN, short_word(finding))
