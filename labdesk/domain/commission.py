"""The commission as the platform sends it: what is to be tested, for whom, and how the samples were taken and witnessed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from labdesk.domain.people import Field
from labdesk.domain.projects import Party, SitePerson


class TestType(StrEnum):
    """Why the test is done (检测性质)."""

    __test__ = False

    ORDINARY = "ordinary"
    WITNESSED = "witnessed"
    PARALLEL = "parallel"
    SUPERVISION = "supervision"


class TagState(StrEnum):
    """What the platform says of a tag."""

    ACTIVE = "active"
    VOID = "void"


class Paper(StrEnum):
    """Papers that travel with the samples."""

    COMMISSION_FORM = "commission_form"
    MILL_CERTIFICATE = "mill_certificate"
    WITNESS_RECORD = "witness_record"
    MIX_REPORT = "mix_report"


@dataclass(frozen=True)
class Photo:
    """An image of sampling or testing, kept in the content store under its hash."""

    sha256: str
    caption: str
    taken_at: datetime


@dataclass(frozen=True)
class Sampling:
    """How a lot was sampled on site (YK-4.2, 5.2, 6.3).

    Attributes:
        sampler, witness: registered people, never the same.
        sampled_at, witnessed_at: moments of taking and of completed witnessing.
        latitude, longitude: position in degrees (WGS 84), personal data: masked on screen.
        distance_m: distance from the project's position, metres.
        photos: live images of the whole sampling.
    """

    sampler: SitePerson
    witness: SitePerson
    sampled_at: datetime
    witnessed_at: datetime
    latitude: Decimal
    longitude: Decimal
    distance_m: Decimal
    photos: tuple[Photo, ...] = ()

    def witness_delay_min(self) -> Decimal:
        """Minutes between sampling and completed witnessing."""
        return Decimal((self.witnessed_at - self.sampled_at).total_seconds()) / 60


@dataclass(frozen=True)
class SampleOrder:
    """One tagged piece of a lot.

    Attributes:
        index: 1, 2, 3 ... within the lot.
        tag: body of its tag (kind ``T``).
        description: what the site wrote about it, e.g. the part it stands for.
        spare: brought along as a replacement piece.
    """

    index: int
    tag: str
    description: str
    spare: bool = False


@dataclass(frozen=True)
class LotOrder:
    """Pieces that are tested, judged and reported together.

    Attributes:
        index: 1, 2 ... within the commission.
        method: id of any method of the catalogue (``rebar-lot``, ``concrete-cube``, ``sand-mud`` ...).
        field: field of testing, decides prefixes and signatory.
        material: name as printed on the report (热轧带肋钢筋, 混凝土).
        settings: what the method needs: ``grade``, ``diameter_mm`` / ``design_grade``, ``side_mm``, ``curing`` ...
        part: part of the structure (工程部位).
        quantity: quantity represented, with unit, as text (``58.6 t``).
        batch: heat, batch or mix number.
        maker: manufacturer, kept off the blind label.
        required: pieces needed; more are spares.
        samples: all tagged pieces.
        sampling: how they were taken.
        cast_at: casting moment for concrete.
        age_days: age at which concrete is tested.
    """

    index: int
    method: str
    field: Field
    material: str
    settings: Mapping[str, str]
    part: str
    quantity: str
    batch: str
    maker: str
    required: int
    samples: tuple[SampleOrder, ...]
    sampling: Sampling
    cast_at: datetime | None = None
    age_days: int | None = None


@dataclass(frozen=True)
class Commission:
    """A request for tests under a project code (YK-4.1, 5.2).

    Attributes:
        number: the platform's number (``WT-2026-01877``), body of its QR (kind ``C``).
        project_code, project_name, unit_name: where it belongs.
        test_type: ordinary, witnessed, parallel or supervision.
        commissioned_by: who commissions and pays.
        client, contractor, supervisor: parties as printed.
        lots: what is to be tested.
        issued_at: when the platform issued it.
        papers: papers the profile wants to see for it, beside the profile's own.
    """

    number: str
    project_code: str
    project_name: str
    unit_name: str
    test_type: TestType
    commissioned_by: Party
    client: Party
    contractor: Party
    supervisor: Party
    lots: tuple[LotOrder, ...]
    issued_at: datetime
    papers: tuple[Paper, ...] = field(default=(Paper.COMMISSION_FORM,))

    def find(self, tag: str) -> tuple[LotOrder, SampleOrder] | None:
        """Lot and sample that carry ``tag``, if they belong here."""
        for lot in self.lots:
            for sample in lot.samples:
                if sample.tag == tag:
                    return lot, sample
        return None


@dataclass(frozen=True)
class TagRecord:
    """A tag as the platform registered it; says where it belongs, even before its commission has arrived."""

    tag: str
    project_code: str
    commission_no: str
    state: TagState = TagState.ACTIVE
    reason: str = ""
