"""Testing machines as the laboratory registers them: what they can load, until when they are calibrated, how they are reached."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from labdesk.domain.errors import BugError


@dataclass(frozen=True)
class Calibration:
    """A machine's calibration as it stood when a run began; frozen into the run.

    Attributes:
        certificate_no: number of the calibration certificate.
        valid_from, valid_to: first and last day it holds (both included).
        accuracy_class: class by ISO 7500-1 (``0.5``, ``1``, ``2``).
    """

    certificate_no: str
    valid_from: date
    valid_to: date
    accuracy_class: Decimal

    def holds_on(self, day: date) -> bool:
        """Whether the certificate is valid on ``day``."""
        return self.valid_from <= day <= self.valid_to


@dataclass(frozen=True)
class Machine:
    """One testing machine of the laboratory.

    Attributes:
        id: key (UUIDv7).
        number: the laboratory's equipment number, as on the machine's plate.
        name: what people call it.
        driver_id: driver that speaks its protocol (``labdesk drivers`` lists them).
        port_url: where it is: ``/dev/serial/by-id/...``, ``COM3``, ``socket://host:port``, ``rfc2217://host:port``.
        capacity_kn: nominal capacity in kN.
        accuracy_class: class by ISO 7500-1.
        certificate_no, certificate_valid_from, certificate_valid_to: the calibration in force.
        range_low_percent, range_high_percent: share of the capacity in which the expected load should lie.
        tests: kinds of test it is registered for (values of ``evaluation.TestKind``).
        settings: what the driver must be told and the wire does not say (``unit``, ``baud`` ...), as text.
    """

    id: str
    number: str
    name: str
    driver_id: str
    port_url: str
    capacity_kn: Decimal
    accuracy_class: Decimal
    certificate_no: str
    certificate_valid_from: date
    certificate_valid_to: date
    range_low_percent: Decimal = Decimal(20)
    range_high_percent: Decimal = Decimal(80)
    tests: tuple[str, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.capacity_kn <= 0 or not 0 <= self.range_low_percent < self.range_high_percent <= 100:
            raise BugError("bug.machine_shape", number=self.number)

    def calibration(self) -> Calibration:
        """The calibration in force, to be frozen into a run."""
        return Calibration(
            self.certificate_no, self.certificate_valid_from, self.certificate_valid_to, self.accuracy_class
        )

    def suits_load(self, expected_kn: Decimal) -> bool:
        """Whether an expected load in kN lies in the machine's working range."""
        share = expected_kn * 100 / self.capacity_kn
        return self.range_low_percent <= share <= self.range_high_percent
