"""A sheet whose texts of several lines come and go: its card is as high as what it says now."""

from __future__ import annotations

from labdesk.ui.tokens import Space
from labdesk.ui.widgets.sheets import Sheet


class TallSheet(Sheet):
    """See the module."""

    def _place(self) -> None:
        """As every sheet, with room for wrapped texts."""
        super()._place()
        body = self.card.layout()
        if body is not None:
            body.activate()
            high = min(body.totalHeightForWidth(self.card.width()), self.height() - 2 * Space.S)
            self.card.resize(self.card.width(), max(high, self.card.height()))
            self.card.move(self.card.x(), max(Space.S, (self.height() - self.card.height()) // 2))
