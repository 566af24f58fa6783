"""The right column of an open commission: facts of the sampling, its photos, the keys."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from labdesk.domain.commission import LotOrder
from labdesk.domain.profile import RegionProfile
from labdesk.domain.projects import PartyRole
from labdesk.domain.reception import ReceptionView, ScanVerdict
from labdesk.ui.page import KeyAction
from labdesk.ui.reception.words import delay_chip, distance_chip, moment_word
from labdesk.ui.tokens import Size, Space
from labdesk.ui.widgets.basics import Card, label
from labdesk.ui.widgets.chips import Chip, ChipState
from labdesk.ui.widgets.facts import Fact, FactList
from labdesk.ui.widgets.key_hints import KeyHints
from labdesk.ui.widgets.photos import Photo, PhotoStrip

translate = QCoreApplication.translate
_PEOPLE = frozenset(
    {ScanVerdict.SAMPLER_NOT_AUTHORISED, ScanVerdict.WITNESS_NOT_AUTHORISED, ScanVerdict.SAMPLER_IS_WITNESS}
)
_STRIP = 3


class ReceptionSide(QWidget):
    """Facts, photos, keys.

    Signals:
        photo_opened(int): position of the photo that was clicked.
    """

    photo_opened = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setFixedWidth(Size.SIDE)
        self.facts, self.strip, self.hints = FactList(), PhotoStrip(), KeyHints()
        self._photos, self._keys, self._facts = Card(), Card(), Card()
        self._none = label(role="quiet")
        self._facts.body.addWidget(self.facts)
        self._photos.body.addWidget(self.strip)
        self._photos.body.addWidget(self._none)
        self._keys.body.addWidget(self.hints)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.NONE, Space.NONE, Space.NONE, Space.NONE)
        layout.setSpacing(Space.M)
        for card in (self._facts, self._photos, self._keys):
            layout.addWidget(card)
        layout.addStretch(1)
        self.strip.opened.connect(self.photo_opened)

    def show_lot(self, view: ReceptionView, lot: LotOrder, profile: RegionProfile) -> None:
        """Facts of the commission and of one of its lots."""
        commission, sampling = view.commission, lot.sampling
        found = view.lot_findings.get(lot.index)
        people = "bad" if found is not None and found.verdict in _PEOPLE else ""
        facts = [
            Fact(translate("Reception", "Project"), f"{commission.project_name} {commission.unit_name}", strong=True),
            Fact(translate("Reception", "Project code"), commission.project_code),
            Fact(translate("Reception", "Client"), commission.client.name),
            _commissioner(view),
            Fact(translate("Reception", "Contractor"), commission.contractor.name),
            Fact(
                translate("Reception", "Sampler / witness"),
                f"{sampling.sampler.name} / {sampling.witness.name}",
                state=people,
            ),
            Fact(translate("Reception", "Sampled"), moment_word(sampling.sampled_at)),
            Fact(
                translate("Reception", "Witnessed"), moment_word(sampling.witnessed_at), delay_chip(sampling, profile)
            ),
            Fact(
                translate("Reception", "Distance"),
                translate("Reception", "{0} m from the site").format(sampling.distance_m),
                distance_chip(sampling, profile),
            ),
        ]
        self.facts.show_facts(facts)

    def show_photos(self, photos: Sequence[Photo]) -> None:
        """The first photos of the sampling; the rest open with P."""
        self.strip.show_photos(photos[:_STRIP])
        self.strip.setVisible(bool(photos))
        self._none.setVisible(not photos)
        self._none.setText(translate("Reception", "No photo came with this lot."))
        self._photos.set_title(translate("Reception", "Photos of the sampling · {0}").format(len(photos)))

    def show_keys(self, actions: Sequence[KeyAction]) -> None:
        """The keys that are possible now."""
        self.hints.show_actions(actions)


def _commissioner(view: ReceptionView) -> Fact:
    """Who commissions and pays (YK-4.1)."""
    caption, by = translate("Reception", "Commissioned by"), view.commission.commissioned_by
    if by.role is PartyRole.CLIENT:
        return Fact(caption, "", Chip(ChipState.OK, translate("Reception", "the client")))
    if view.client_commissioned:
        return Fact(caption, by.name)
    return Fact(caption, by.name, state="warn")
