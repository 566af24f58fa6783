"""The projects' place in the rail: the records of a project, and behind a key its acceptance."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from labdesk.services.acceptance_desk import AcceptanceDesk
from labdesk.services.projects import Projects
from labdesk.ui.page import PageContext
from labdesk.ui.projects.acceptance_page import AcceptancePage
from labdesk.ui.projects.page import ProjectsPage
from labdesk.ui.projects.statements import AcceptancePageDeps
from labdesk.ui.watching.both import BothPages

translate = QCoreApplication.translate


@dataclass(frozen=True)
class ProjectRoomDeps:
    """What both pages work with; see :class:`~labdesk.ui.projects.statements.AcceptancePageDeps`."""

    projects: Projects
    desk: AcceptanceDesk
    exports: Path
    open_document: Callable[[str, bytes], object]
    show_folder: Callable[[Path], object]


def project_room(context: PageContext, deps: ProjectRoomDeps) -> BothPages:
    """Both pages at one place; acceptance is that of the project chosen on the first."""
    first = ProjectsPage(context, deps.projects)
    second = AcceptancePage(
        context,
        AcceptancePageDeps(deps.desk, first.list.current_row, deps.exports, deps.open_document, deps.show_folder),
    )
    captions = (lambda: translate("Acceptance", "Acceptance"), lambda: translate("Acceptance", "Projects"))
    return BothPages(context, (first, second), captions, lambda: first.list.current_row() is not None)
