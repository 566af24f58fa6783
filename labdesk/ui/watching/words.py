"""Words of watched sources, looked up when they are shown."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from labdesk.domain.sentences import Language, say_known
from labdesk.domain.watching import RecordEvent, SourceKind, WatchedRecord

translate = QCoreApplication.translate


def kind_name(kind: SourceKind) -> str:
    """Where the maker's program writes."""
    return {
        SourceKind.FOLDER: translate("Watching", "Folder of files"),
        SourceKind.SQLITE: translate("Watching", "SQLite file"),
        SourceKind.ACCESS: translate("Watching", "Access file (.mdb, .accdb)"),
        SourceKind.QUERY: translate("Watching", "Database server"),
    }[kind]


def field_name(field: str) -> str:
    """What LabDesk needs."""
    return {
        "key": translate("Watching", "Key of the record"),
        "specimen": translate("Watching", "Specimen's label"),
        "operator": translate("Watching", "Operator"),
        "at": translate("Watching", "Moment of the test"),
        "curve": translate("Watching", "Whole curve as text"),
        "curve_key": translate("Watching", "Sample's record"),
        "curve_order": translate("Watching", "Sample's order"),
        "curve.time": translate("Watching", "Time"),
        "curve.force": translate("Watching", "Force"),
        "curve.extension": translate("Watching", "Extension"),
        "curve.displacement": translate("Watching", "Displacement"),
    }[field]


def event_name(event: RecordEvent) -> str:
    """What was noticed of a record."""
    return {
        RecordEvent.FIRST: translate("Watching", "not imported"),
        RecordEvent.EDITED: translate("Watching", "edited"),
        RecordEvent.DELETED: translate("Watching", "deleted"),
        RecordEvent.RETURNED: translate("Watching", "there again"),
        RecordEvent.ASSIGNED: translate("Watching", "assigned"),
    }[event]


def notice_sentence(record: WatchedRecord, language: Language) -> str:
    """What a person should know of a version, in a sentence."""
    key = record.problem or f"watching.{record.event.value}"
    return say_known(
        key, language, {"record": record.record_key, "label": record.specimen_label, "reason": record.detail}
    )
