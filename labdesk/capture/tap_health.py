"""Health of a line that is only listened to: a wire on the wrong side is told from a machine that is switched off."""

from __future__ import annotations

from labdesk.capture.gauges import LineHealth
from labdesk.devices.driver import Driver
from labdesk.devices.tap import TapDriver
from labdesk.domain.capture import LinkTrouble


class TapHealth(LineHealth):
    """See the module."""

    def __init__(self, driver: TapDriver, now_ns: int) -> None:
        super().__init__(driver.manifest.silence_ms, now_ns)
        self._driver = driver

    def watch(self, now_ns: int) -> bool:
        """See :class:`LineHealth`."""
        again = super().watch(now_ns)
        if self.trouble is LinkTrouble.SILENT:
            self.trouble = LinkTrouble.TAP_SILENT
        elif self.trouble is LinkTrouble.GARBAGE:
            self.trouble = self._driver.misplaced()
        return again


def health_of(driver: Driver, now_ns: int) -> LineHealth:
    """The health of a driver's line."""
    if isinstance(driver, TapDriver):
        return TapHealth(driver, now_ns)
    return LineHealth(driver.manifest.silence_ms, now_ns)
