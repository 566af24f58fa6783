"""Pictures of the import page: empty, a file read, a question, long names, an aborted test, nothing that can be read."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from labdesk.domain.sentences import Language
from labdesk.services.imported_runs import ImportDesk
from labdesk.services.importing import Importing
from labdesk.services.runs import RunDeps
from labdesk.ui.i18n import language
from labdesk.ui.importing.page import ImportPage
from labdesk.ui.ops import Ops
from tests.helpers import exports
from tests.helpers.benchworld import STATION
from tests.helpers.exports import lines
from tests.ui.bench_stage import Stage, new_stage
from tests.ui.review_stage import below_header

_LONG = "Standardkraft der sehr langen Prüfmaschine mit Kraftaufnehmer Nr. 7 am oberen Querhaupt"


def _title() -> str:
    return "曲线" if language() is Language.ZH else "Curves"


def _page(act: Callable[[ImportPage, Stage], object]) -> QWidget:
    stage = new_stage(Ops())
    world = stage.world
    deps = RunDeps(world.store, world.blobs, world.clock, world.ids, STATION)
    page = ImportPage(stage.context(), ImportDesk(deps, Importing()))
    whole = below_header(page, _title)
    whole.setProperty("stage", stage)
    page.on_shown()
    stage.settle()
    act(page, stage)
    stage.settle()
    return whole


def _reads(data: bytes, name: str, label: str = "") -> Callable[[ImportPage, Stage], object]:
    def act(page: ImportPage, stage: Stage) -> None:
        page.path.setText(f"D:/Pruefungen/2026/{name}")
        page.reading.read(lambda: page._desk.look(name, data, {}), fresh=True)
        stage.settle()
        if label:
            page._find_piece(label)

    return act


_RESULTS = ("试样编号：GJ-2026-001\n直径：16 mm\n原始标距：80mm\n最大力(kN)：39.99\n抗拉强度(MPa)：250\n").encode(
    "gb18030"
)
_BODY = ("时间(s),试验力（kN）,位移(mm),变形(mm)\n" + lines(lambda row: row)).encode("gb18030")

SCREENS: dict[str, Callable[[], QWidget]] = {
    "import-empty": lambda: _page(lambda page, stage: None),
    "import-read": lambda: _page(_reads(_RESULTS + _BODY, "GJ-2026-001.txt", "G26-00417-1")),
    "import-question": lambda: _page(
        _reads((f"Zeit;{_LONG};Weg\n" + lines(lambda row: row[:3], ";", ",")).encode(), "lang" * 20 + ".csv")
    ),
    "import-aborted": lambda: _page(
        _reads(
            ("Time (s),Load (kN)\n" + "\n".join(f"{row[0]:.2f},{row[1]:.4f}" for row in exports.ROWS[:50])).encode(),
            "stopped.csv",
            "G26-00417-3",
        )
    ),
    "import-nothing": lambda: _page(_reads(b"a letter, not a test", "letter.txt")),
}
