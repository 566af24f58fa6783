"""What stays in the hand after the demonstration: a small window that scans codes and loads pieces, to play on with.

It stands for the handheld scanner and for the person at the machine; it speaks to the same lines as the demonstration did.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from labdesk.app.demo.people import ADMINISTRATOR, EVERYBODY
from labdesk.app.demo.world import World
from labdesk.app.desktop.demo.bench import CUBE, STEEL
from labdesk.domain.codes import CodeKind, format_code
from labdesk.domain.store import Store

_CODE = Qt.ItemDataRole.UserRole
_WIDTH, _HEIGHT, _GAP = 380, 620, 24


def scannable(world: World, store: Store) -> list[tuple[str, str]]:
    """Caption and code of everything that can be scanned now: badges with their PINs, commissions, tags, labels."""
    found = [
        (f"工牌 Badge · {person.name} · PIN {person.pin}", format_code(CodeKind.BADGE, person.badge))
        for person in (*EVERYBODY, ADMINISTRATOR)
    ]
    for commission in world.site.commissions:
        found.append((f"委托单 Commission {commission.number}", format_code(CodeKind.COMMISSION, commission.number)))
        found += [
            (f"　标识 Tag {sample.tag}", format_code(CodeKind.TAG, sample.tag))
            for lot in commission.lots
            for sample in lot.samples
        ]
    with store.read() as uow:
        for lot in uow.reception.recent_lots(20):
            found += [
                (f"　标签 Label {piece.label}（{piece.tag}）", format_code(CodeKind.SPECIMEN, piece.label))
                for piece in lot.specimens
            ]
    return found


class Pocket(QWidget):
    """The small window."""

    def __init__(self, world: World, store: Store, window: QWidget) -> None:
        super().__init__(None, Qt.WindowType.Tool | Qt.WindowType.WindowStaysOnTopHint)
        self._world, self._store, self._beside = world, store, window
        self.setWindowTitle("LabDesk demo: scanner & machines")
        self.resize(_WIDTH, _HEIGHT)
        self._lie_beside()
        self._codes = QListWidget()
        self._codes.itemActivated.connect(self._scan)
        self._codes.itemClicked.connect(self._scan)
        layout = QVBoxLayout(self)
        layout.addWidget(QLabel("点一下即扫码 · Click a line to scan it"))
        layout.addWidget(self._codes, 1)
        for caption, act in self._machines():
            button = QPushButton(caption)
            button.clicked.connect(act)
            layout.addWidget(button)
        self.refresh()

    def refresh(self) -> None:
        """Read what can be scanned."""
        self._codes.clear()
        for caption, code in scannable(self._world, self._store):
            item = QListWidgetItem(caption)
            item.setData(_CODE, code)
            self._codes.addItem(item)

    def _machines(self) -> list[tuple[str, Callable[[], object]]]:
        utm, press = self._world.utm, self._world.press
        return [
            ("拉一根钢筋 · Pull a bar", partial(utm.load, "rebar", **STEEL)),
            ("压一个试块 · Crush a cube", partial(press.load, "cube", **CUBE)),
            (
                "压试块，中途断线 · Crush a cube, the line dies",
                partial(press.load, "cube", **CUBE, fault="unplug@70:3"),
            ),
            ("拔掉平台 · Unplug the platform", self._world.platform.unplug),
            ("接上平台 · Plug the platform in", self._world.platform.start),
            ("刷新列表 · Refresh the list", self.refresh),
        ]

    def _lie_beside(self) -> None:
        """Right of LabDesk's window where the screen has room, else over its lower right corner."""
        window, screen = self._beside.frameGeometry(), self._beside.screen().availableGeometry()
        left = min(window.right() + _GAP, screen.right() - _WIDTH - _GAP)
        self.move(left, max(screen.top(), min(window.bottom(), screen.bottom() - _GAP) - _HEIGHT))

    def _scan(self, item: QListWidgetItem) -> None:
        """A real scanner takes no keyboard away: what is typed next, a PIN for instance, goes to LabDesk."""
        self._world.scanner.scan(str(item.data(_CODE)))
        self._beside.activateWindow()
