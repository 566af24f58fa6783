"""Stand-ins for the services behind the shell; they keep what they are asked, and refuse as the real ones do."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout

from labdesk.domain.codes import Code, CodeKind
from labdesk.domain.errors import OperatorError
from labdesk.domain.people import Person, Role, Session
from labdesk.domain.people_ports import LabSetup
from labdesk.domain.scans import Scan
from labdesk.ui.errors import ErrorDesk
from labdesk.ui.i18n import Languages, language
from labdesk.ui.icons import Icon
from labdesk.ui.ops import Ops
from labdesk.ui.page import KeyAction, Page, PageContext, PageSpec
from labdesk.ui.shell.window import ShellParts
from labdesk.ui.sounds import Sounds
from labdesk.ui.widgets.empty import EmptyState

NOON = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
LI_WEN = Person("p-1", "李雯", "A1001", (Role.RECEPTION,))
CHEN_LI = Person("p-2", "陈立", "A1002", (Role.REVIEWER,))
ADMIN = Person("p-3", "周工", "A1003", (Role.ADMINISTRATOR,))


class StillClock:
    """Always the same moment."""

    def now(self) -> datetime:
        """Noon in China."""
        return NOON


@dataclass
class FakeSignIn:
    """Knows three people, PIN 2580 and password ``laboratory-1``; locks where ``locked_s`` says so."""

    people: tuple[Person, ...] = (LI_WEN, CHEN_LI, ADMIN)
    locked_s: int = 0
    attempts: list[tuple[str, str]] = field(default_factory=list)

    def by_badge(self, badge_code: str, pin: str) -> Session:
        """By badge."""
        return self._enter(badge_code, pin, "2580", [p for p in self.people if p.badge == badge_code])

    def by_name(self, name: str, password: str) -> Session:
        """By name."""
        return self._enter(name, password, "laboratory-1", [p for p in self.people if p.name == name])

    def recent_names(self) -> tuple[str, ...]:
        """Everybody."""
        return tuple(person.name for person in self.people)

    def _enter(self, who: str, secret: str, right: str, found: list[Person]) -> Session:
        self.attempts.append((who, secret))
        if self.locked_s:
            raise OperatorError("test.locked", seconds=self.locked_s)
        if not found or secret != right:
            raise OperatorError("test.wrong_pin", left=3)
        return Session(found[0], "收样台 1", NOON)


@dataclass
class FakeSetup:
    """A laboratory that exists already, or does not."""

    wanted: bool = False
    created: list[LabSetup] = field(default_factory=list)

    def needed(self) -> bool:
        """Whether there is nothing yet."""
        return self.wanted and not self.created

    def create(self, setup: LabSetup) -> None:
        """Keeps it."""
        self.created.append(setup)


class NotePage(Page):
    """A page with one field, that notes what happens to it."""

    def __init__(self, context: PageContext, takes: bool = True) -> None:
        super().__init__(context)
        self.takes = takes
        self.notes: list[str] = []
        self.field = QLineEdit()
        self.empty = EmptyState(Icon.INBOX)
        layout = QVBoxLayout(self)
        layout.addWidget(self.empty, 1)
        layout.addWidget(self.field)
        self.retranslate()

    def on_shown(self) -> None:
        """Notes it."""
        self.notes.append("shown")

    def on_left(self) -> None:
        """Notes it."""
        self.notes.append("left")

    def on_scan(self, code: Code, scan: Scan) -> bool:
        """Notes it."""
        self.notes.append(f"scan {code.kind.value}:{code.body}")
        return self.takes and code.kind is not CodeKind.BADGE

    def keys(self) -> tuple[KeyAction, ...]:
        """A letter, a function key, space, and one that is not possible."""
        return (
            KeyAction("J", lambda: "下一个", lambda: self.notes.append("J")),
            KeyAction("F8", lambda: "拒收", lambda: self.notes.append("F8")),
            KeyAction("Space", lambda: "外观完好", lambda: self.notes.append("Space")),
            KeyAction("F9", lambda: "暂存", lambda: self.notes.append("F9"), enabled=lambda: False),
        )

    def retranslate(self) -> None:
        """Sets its texts."""
        chinese = language().value == "zh"
        self.empty.say(
            "还没有委托单" if chinese else "No commission yet",
            "扫描委托单上的二维码即可开始。" if chinese else "Scan the code on a commission to begin.",
        )


def page_specs() -> tuple[PageSpec, ...]:
    """Pages as a laboratory has them, with fake contents."""

    def spec(page_id: str, zh: str, en: str, icon: Icon, *roles: Role) -> PageSpec:
        return PageSpec(page_id, lambda: zh if language().value == "zh" else en, icon, NotePage, roles)

    return (
        spec("reception", "收样", "Reception", Icon.RECEPTION, Role.RECEPTION),
        spec("testing", "检测", "Testing", Icon.TESTING, Role.TECHNICIAN, Role.RECEPTION),
        spec("review", "审核", "Review", Icon.REVIEW, Role.REVIEWER),
        spec("reporting", "报告", "Reports", Icon.REPORTING),
        spec("projects", "项目", "Projects", Icon.PROJECTS),
        spec("equipment", "设备", "Equipment", Icon.EQUIPMENT),
        spec("sync", "同步", "Sync", Icon.SYNC),
    )


def parts(
    ops: Ops,
    languages: Languages,
    *,
    sign_in: FakeSignIn | None = None,
    setup: FakeSetup | None = None,
    pages: tuple[PageSpec, ...] | None = None,
) -> ShellParts:
    """What a window needs, with fakes behind it and without sound."""
    return ShellParts(
        ops=ops,
        errors=ErrorDesk(lambda: languages.current),
        sounds=Sounds(enabled=False),
        languages=languages,
        sign_in=sign_in or FakeSignIn(),
        setup=setup or FakeSetup(),
        pages=page_specs() if pages is None else pages,
    )


def settle(ops: Ops) -> None:
    """Delivers everything that is under way; ends because operations end."""
    while not ops.idle:
        QApplication.processEvents()
    QApplication.processEvents()
