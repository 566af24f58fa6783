"""Real windows without a display: offscreen Qt, one application, Chinese and light unless a test says otherwise."""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from labdesk.domain.sentences import Language
from labdesk.ui import theme
from labdesk.ui.i18n import Languages
from labdesk.ui.ops import Ops
from labdesk.ui.tokens import Scheme


@pytest.fixture(autouse=True)
def no_window_left(qapp: QApplication) -> Iterator[None]:
    """Windows of a test are gone after it: every one left alive makes dressing the next one slower."""
    del qapp
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def languages(qapp: QApplication) -> Iterator[Languages]:
    """Translators, back to English at the end so that no test leaves them to the next."""
    made = Languages(qapp)
    made.use(Language.ZH)
    yield made
    made.use(Language.EN)


@pytest.fixture
def dressed(qapp: QApplication, languages: Languages) -> Languages:
    """The application in its light dress, in Chinese."""
    theme.apply(qapp, Scheme.LIGHT)
    return languages


@pytest.fixture
def ops(qapp: QApplication) -> Iterator[Ops]:
    """Threads of the screen, joined at the end."""
    del qapp
    made = Ops()
    yield made
    made.close()
