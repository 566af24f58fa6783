"""Nothing fails silently: Python errors, Qt messages and hard crashes end in the log; the person gets a sentence."""

from __future__ import annotations

import faulthandler
import logging
import sys
import threading
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def log_to(folder: Path) -> None:
    """Log to files of ``folder``, kept small; hard crashes leave their stacks in ``crash.log``."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    handler = RotatingFileHandler(folder / "desktop.log", maxBytes=2_000_000, backupCount=3, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(logging.INFO)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    faulthandler.enable((folder / "crash.log").open("a", encoding="utf-8"))


def catch_everything(report: Callable[[Exception], None]) -> None:
    """Route unhandled errors of any thread to the log and to ``report``, and Qt's own words to the log."""

    def on_error(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if isinstance(error, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        logging.getLogger("labdesk").error("unhandled %s", kind.__name__, exc_info=(kind, error, trace))
        if isinstance(error, Exception) and threading.current_thread() is threading.main_thread():
            report(error)

    def on_thread_error(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            on_error(args.exc_type, args.exc_value, args.exc_traceback)

    def on_qt(level: QtMsgType, context: QMessageLogContext, message: str) -> None:
        logging.getLogger("qt").log(_LEVELS.get(level, logging.WARNING), "%s", message)

    sys.excepthook = on_error
    threading.excepthook = on_thread_error
    qInstallMessageHandler(on_qt)
