"""Seals ended runs of one machine in a thread of its own: packing and hashing takes a moment, other machines do not wait for it."""

from __future__ import annotations

import logging
import threading
import time

from labdesk.capture.recorder import RunRecorder
from labdesk.capture.runs import RunFolder
from labdesk.capture.sealing import seal_journal
from labdesk.domain.clock import Clock

RETRY_NS = 5_000_000_000
log = logging.getLogger(__name__)


class Sealer:
    """One run at a time; what the disk refuses is tried again until it is there.

    Attributes:
        unsealed: the run being sealed, ``None`` when there is none.
        sealed_run_id: the run sealed last.
        disk_fault: why it could not be written yet.
    """

    def __init__(self, machine_id: str, folder: RunFolder, clock: Clock) -> None:
        self.unsealed: RunRecorder | None = None
        self.sealed_run_id = ""
        self.disk_fault = ""
        self._machine_id = machine_id
        self._folder = folder
        self._clock = clock
        self._thread: threading.Thread | None = None
        self._retry_ns = 0

    def seal(self, recorder: RunRecorder) -> None:
        """Begins to seal an ended run whose journal is closed."""
        self.unsealed = recorder
        thread = threading.Thread(target=self._work, args=(recorder,), name=f"seal-{self._machine_id}")
        self._thread = thread
        thread.start()

    def retry(self, now_ns: int) -> None:
        """Tries again what failed, some seconds later."""
        if self.unsealed is not None and self._thread is None and now_ns >= self._retry_ns:
            self.seal(self.unsealed)

    def settle(self) -> None:
        """Waits for a sealing in progress."""
        thread = self._thread
        if thread is not None:
            thread.join()

    def _work(self, recorder: RunRecorder) -> None:
        run_id = recorder.request.run_id
        try:
            seal_journal(self._folder, self._folder.journal_path(run_id), recorder, self._clock)
            self.sealed_run_id, self.unsealed = run_id, None
            self.disk_fault = ""
        except Exception as error:  # noqa: BLE001 - whatever it is, the journal stays and sealing is tried again
            log.error("run %s could not be sealed: %r", run_id, error)
            self.disk_fault = str(error)
            self._retry_ns = time.monotonic_ns() + RETRY_NS
        finally:
            self._thread = None
