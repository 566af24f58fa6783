"""Switches the language of the interface while the program runs.

Source strings are English, in ``QCoreApplication.translate(context, text)`` or ``self.tr(text)``; Chinese comes from one
``resources/translations/labdesk_zh_<room>.qm`` per folder of ``labdesk/ui``. What rules and refusals say is in
``resources/sentences`` instead (:mod:`labdesk.domain.sentences`).
"""

from __future__ import annotations

from importlib import resources

from PySide6.QtCore import QCoreApplication, QTranslator

from labdesk.domain.errors import EnvironmentFault
from labdesk.domain.sentences import Language

_PROPERTY = "labdesk_language"


class Languages:
    """Holds the installed translators of one application."""

    def __init__(self, app: QCoreApplication) -> None:
        self._app = app
        self._installed: list[QTranslator] = []

    @property
    def current(self) -> Language:
        """The language on screen."""
        return language()

    def use(self, chosen: Language) -> None:
        """Switches; every widget gets ``LanguageChange``.

        Raises:
            EnvironmentFault: ``shell.translation_broken`` where a file cannot be read.
        """
        self._app.setProperty(_PROPERTY, chosen.value)
        fresh = _translators() if chosen is Language.ZH else []
        for old in self._installed:
            self._app.removeTranslator(old)
        for translator in fresh:
            self._app.installTranslator(translator)
        self._installed = fresh


def language() -> Language:
    """The language on screen; Chinese before anything was chosen."""
    app = QCoreApplication.instance()
    found = app.property(_PROPERTY) if app is not None else None
    return Language(found) if found else Language.ZH


def _translators() -> list[QTranslator]:
    made = []
    for entry in sorted(resources.files("labdesk_resources.translations").iterdir(), key=lambda item: item.name):
        if not entry.name.endswith(".qm"):
            continue
        translator = QTranslator()
        with resources.as_file(entry) as path:
            if not translator.load(str(path)):
                raise EnvironmentFault("shell.translation_broken", file=entry.name)
        made.append(translator)
    return made
