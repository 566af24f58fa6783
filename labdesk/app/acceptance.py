"""Wires acceptance over a project: the store, the printer, and what stands on the head of a statement."""

from __future__ import annotations

from collections.abc import Callable

from labdesk.app.foundation import Foundation
from labdesk.domain.people import Laboratory
from labdesk.reports.acceptance import PdfAcceptancePrinter
from labdesk.services.acceptance_desk import AcceptanceDeps, AcceptanceDesk
from labdesk.services.reception_papers import laboratory_line


def build_acceptance(base: Foundation, laboratory: Callable[[], Laboratory]) -> AcceptanceDesk:
    """The use case over a laboratory's data folder; papers are printed in Chinese, as its reports are."""
    printer = PdfAcceptancePrinter()
    return AcceptanceDesk(
        AcceptanceDeps(base.store, base.blobs, base.clock, base.ids, printer, lambda: laboratory_line(laboratory()))
    )
