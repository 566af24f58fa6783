"""Captions of the stages in the rail, in the current language."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

translate = QCoreApplication.translate


def stage_caption(page_id: str) -> str:
    """The caption of a page; an unknown one is its id."""
    captions = {
        "reception": translate("Stages", "Reception"),
        "testing": translate("Stages", "Testing"),
        "lots": translate("Stages", "Samples"),
        "curves": translate("Stages", "Curves"),
        "review": translate("Stages", "Review"),
        "reporting": translate("Stages", "Reports"),
        "projects": translate("Stages", "Projects"),
        "equipment": translate("Stages", "Equipment"),
        "people": translate("Stages", "People"),
        "sync": translate("Stages", "Sync"),
        "methods": translate("Stages", "Methods"),
    }
    return captions.get(page_id, page_id)
