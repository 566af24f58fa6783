"""The right of the review: the way of the sample, what a reviewer must be told, photos, and the signatures."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from labdesk.domain.custody import CustodyKind
from labdesk.domain.evaluation import Remark
from labdesk.domain.review import ORDER
from labdesk.services.review_desk import PhotoLine, ReviewDetails
from labdesk.services.review_notices import NoticeWeight, ReviewNotice
from labdesk.ui.review.words import clock_time, custody_text, role_word, sentence
from labdesk.ui.theme import mark
from labdesk.ui.tokens import Size, Space
from labdesk.ui.widgets.basics import Card, column, empty_layout, label, wrapped
from labdesk.ui.widgets.chips import Chip, ChipState, StatusChip
from labdesk.ui.widgets.photos import Photo, PhotoStrip
from labdesk.ui.widgets.timeline import Moment, Timeline

translate = QCoreApplication.translate
_WEIGHTS = {NoticeWeight.OK: ChipState.OK, NoticeWeight.WARN: ChipState.WARN, NoticeWeight.BAD: ChipState.BAD}
_DOTS = {
    CustodyKind.REFUSED: "bad",
    CustodyKind.RETURNED: "warn",
    CustodyKind.INVALIDATED: "warn",
    CustodyKind.HELD: "warn",
}


class ReviewSide(QWidget):
    """Custody, notices, photos and signatures."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedWidth(Size.SIDE - Space.XL)
        self.custody, self.notices, self.photos, self.signatures = Card(), Card(), Card(), Card()
        self.timeline, self.strip = Timeline(), PhotoStrip()
        self._notice_list = QVBoxLayout()
        self._notice_list.setSpacing(Space.S)
        self._levels = QHBoxLayout()
        self._levels.setSpacing(Space.S)
        self._refusal = wrapped(role="label")
        self.custody.body.addWidget(self.timeline)
        self.notices.body.addLayout(self._notice_list)
        self.photos.body.addWidget(self.strip)
        self.signatures.body.addLayout(self._levels)
        self.signatures.body.addWidget(self._refusal)
        inner = QWidget()
        rows = column(self.notices, self.custody, self.photos, gap=Space.L)
        rows.addStretch(1)
        inner.setLayout(rows)
        self.scroller = QScrollArea()
        self.scroller.setWidgetResizable(True)
        self.scroller.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.scroller.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.scroller.setWidget(inner)
        layout = column(self.scroller, self.signatures, gap=Space.L)
        layout.setStretch(0, 1)
        self.setLayout(layout)

    def show_details(self, details: ReviewDetails, now: datetime) -> None:
        """Shows another subject."""
        self.timeline.show_moments(
            [
                Moment(clock_time(event.at, now), custody_text(event), _DOTS.get(event.kind, ""))
                for event in details.custody
            ]
        )
        self._show_notices(details.notices)
        self._show_signatures(details, now)

    def show_photos(self, photos: tuple[PhotoLine, ...], seen: frozenset[str]) -> None:
        """Photos, and how many of them were opened."""
        self.photos.setVisible(bool(photos))
        opened = sum(photo.item in seen for photo in photos)
        self.photos.set_title(translate("Review", "Photos · {0} of {1} opened · P").format(opened, len(photos)))
        if self.strip.photos != tuple(Photo(photo.caption, photo.data) for photo in photos):
            self.strip.show_photos([Photo(photo.caption, photo.data) for photo in photos])

    def retranslate(self) -> None:
        """Captions anew."""
        self.custody.set_title(translate("Review", "Way of the sample"))
        self.notices.set_title(translate("Review", "Notices"))
        self.signatures.set_title(translate("Review", "Signatures"))

    def _show_notices(self, notices: tuple[ReviewNotice, ...]) -> None:
        empty_layout(self._notice_list)
        for notice in notices:
            line = QHBoxLayout()
            line.setSpacing(Space.S)
            word = sentence(Remark(notice.word)) if notice.word else ""
            chip = StatusChip(Chip(_WEIGHTS[notice.weight], word))
            line.addWidget(chip, 0, Qt.AlignmentFlag.AlignTop)
            line.addWidget(wrapped(sentence(Remark(notice.key, notice.params))), 1)
            self._notice_list.addLayout(line)
        self.notices.setVisible(bool(notices))

    def _show_signatures(self, details: ReviewDetails, now: datetime) -> None:
        empty_layout(self._levels)
        given = {signature.role: signature for signature in details.signatures}
        for index, role in enumerate(ORDER[details.facts.subject]):
            if index:
                self._levels.addWidget(label("→", "quiet"))
            signature = given.get(role)
            if signature is not None:
                name, state = f"{signature.person_name} {clock_time(signature.at, now)}", ""
            elif role is details.role:
                name, state = translate("Review", "to sign"), "info"
            else:
                name, state = "—", ""
            value = wrapped(name, "strong" if state else "body")
            mark(value, state=state)
            value.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
            self._levels.addLayout(column(label(role_word(role), "label"), value, gap=Space.XXS), 1)
        self._show_refusal(details)

    def _show_refusal(self, details: ReviewDetails) -> None:
        if details.returned is not None:
            text = translate("Review", "Returned by {0}: {1}").format(
                details.returned.person_name, details.returned.reason
            )
        else:
            text = sentence(details.refusal) if details.refusal is not None else ""
        self._refusal.setText(text)
        self._refusal.setVisible(bool(text))
        mark(self._refusal, state="warn")
