"""Work off the screen's thread: a :class:`Query` reads on a pool, a :class:`Command` writes on the one writer thread.

One writer by construction means no "database is locked" and commands in the order they were given. Results come back on the Qt
main thread, as long as the widget that asked still lives; errors nobody handles go to the one place (:mod:`labdesk.ui.errors`).

    Query(ops, self, lambda: service.waiting()).then(self._show).start()
    Command(ops, self, lambda: service.accept(tag)).then(self._accepted).otherwise(self._refused).start()
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Generic, Self, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal

T = TypeVar("T")


class Ops(QObject):
    """The threads that work for the screen.

    Signals:
        failed(Exception): an operation failed and its asker had no handler of its own.
        busy_changed(bool): whether a command is being written.
    """

    failed = Signal(Exception)
    busy_changed = Signal(bool)
    _landed = Signal(object)

    def __init__(self, readers: int = 3, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(max_workers=readers, thread_name_prefix="labdesk-query")
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="labdesk-writer")
        self._commands = 0
        self._pending = 0
        self._closed = False
        self._landed.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @property
    def closed(self) -> bool:
        """Whether :meth:`close` was called."""
        return self._closed

    @property
    def idle(self) -> bool:
        """Whether nothing runs and nothing waits to be delivered."""
        return self._pending == 0

    def close(self) -> None:
        """Finishes every command given so far, drops queries that have not begun, and joins all threads."""
        self._closed = True
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._writer.shutdown(wait=True)

    def submit(self, operation: _Operation[Any]) -> None:
        """Starts an operation; use :meth:`_Operation.start`."""
        if self._closed:
            return
        self._pending += 1
        writes = isinstance(operation, Command)
        if writes:
            self._commands += 1
            if self._commands == 1:
                self.busy_changed.emit(True)
        future = (self._writer if writes else self._pool).submit(operation.work)
        future.add_done_callback(lambda done: self._landed.emit((operation, done)))

    def _deliver(self, landed: tuple[_Operation[Any], Future[Any]]) -> None:
        operation, future = landed
        self._pending -= 1
        if isinstance(operation, Command):
            self._commands -= 1
            if self._commands == 0:
                self.busy_changed.emit(False)
        if future.cancelled():
            return
        error = future.exception()
        if error is None:
            operation.succeed(future.result())
        elif not isinstance(error, Exception):
            raise error
        elif not operation.fail(error):
            self.failed.emit(error)


class _Operation(Generic[T]):
    """Work for another thread, and what to do with its result on this one."""

    def __init__(self, ops: Ops, owner: QObject, work: Callable[[], T]) -> None:
        self.work = work
        self._ops = ops
        self._owner = owner
        self._then: Callable[[T], object] | None = None
        self._otherwise: Callable[[Exception], object] | None = None

    def then(self, handler: Callable[[T], object]) -> Self:
        """Calls ``handler(result)`` on the main thread, unless the owner is gone."""
        self._then = handler
        return self

    def otherwise(self, handler: Callable[[Exception], object]) -> Self:
        """Calls ``handler(error)`` on the main thread instead of the common error desk."""
        self._otherwise = handler
        return self

    def start(self) -> None:
        """Begins; returns at once. After shutdown nothing begins any more."""
        self._ops.submit(self)

    def succeed(self, result: T) -> None:
        """Hands the result over."""
        if self._then is not None and shiboken6.isValid(self._owner):
            self._then(result)

    def fail(self, error: Exception) -> bool:
        """Hands the error over; False where nobody took it."""
        if self._otherwise is None or not shiboken6.isValid(self._owner):
            return False
        self._otherwise(error)
        return True


class Query(_Operation[T]):
    """Reads. Several may run side by side; must not change anything."""


class Command(_Operation[T]):
    """Changes something. Commands run one after the other, in the order given, and always to their end."""
