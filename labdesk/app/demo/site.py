"""The made-up construction site: projects with their parties and letters, and commissions with planted faults.

Everything is computed from the day of the demonstration, so that letters are valid, certificates in date and cubes 28 days old.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from labdesk.domain.commission import (
    Commission,
    LotOrder,
    Paper,
    Photo,
    SampleOrder,
    Sampling,
    TagRecord,
    TestType,
)
from labdesk.domain.people import Field
from labdesk.domain.projects import Authorisation, Party, PartyRole, Project, SitePerson, SiteRole, Unit

CLIENT = Party(PartyRole.CLIENT, "营口滨海置业有限公司", "91210800MA0X4LT17K")
CONTRACTOR = Party(PartyRole.CONTRACTOR, "辽宁三建集团有限公司", "91210000117594523D")
SUPERVISOR = Party(PartyRole.SUPERVISOR, "营口正衡工程监理有限公司", "91210811MA0Y2B7C3R")
SCHOOL_CLIENT = Party(PartyRole.CLIENT, "营口市西市区教育事业服务中心", "12210803MB0T51402C")
SAMPLER = SitePerson("王海涛", "QY-2108-3317", CONTRACTOR.name)
WITNESS = SitePerson("赵敏", "JZ-2108-1152", SUPERVISOR.name)

TOWER = "LN-2108-0031-7752"
SCHOOL = "LN-2108-0029-4406"
UNIT = "2#楼"
REBAR_NO = "WT-2026-01877"
CONCRETE_NO = "WT-2026-01878"
SCHOOL_NO = "WT-2026-01869"
REBAR_TAGS = tuple(f"YK210744081{number}" for number in range(261, 267))
FOREIGN_TAG = "YK210744080917"
CUBE_TAGS = tuple(f"YK210744082{number}" for number in range(101, 105))
LATE_TAGS = tuple(f"YK210744082{number}" for number in range(111, 114))


@dataclass(frozen=True)
class Site:
    """What the platform knows before the demonstration starts."""

    projects: tuple[Project, ...]
    commissions: tuple[Commission, ...]
    tags: tuple[TagRecord, ...]


def build_site(now: datetime, photos: Mapping[str, str]) -> Site:
    """The site as of ``now``.

    Args:
        now: aware moment of the demonstration.
        photos: caption to hash of the sampling images, already in the platform's blob store.
    """
    commissions = (_rebar(now, photos), _concrete(now, photos), _school(now, photos))
    tags = tuple(
        TagRecord(sample.tag, commission.project_code, commission.number)
        for commission in commissions
        for lot in commission.lots
        for sample in lot.samples
    )
    return Site((_tower(now.date()), _school_project(now.date())), commissions, tags)


def _letters(day: date) -> tuple[Authorisation, ...]:
    first, last = day - timedelta(days=200), day + timedelta(days=165)
    return (
        Authorisation(SAMPLER, SiteRole.SAMPLER, first, last, "SQ-2026-0113"),
        Authorisation(WITNESS, SiteRole.WITNESS, first, last, "SQ-2026-0114"),
    )


def _tower(day: date) -> Project:
    return Project(
        code=TOWER,
        name="滨海大厦",
        address="营口市西市区滨海路与渤海大街交汇处",
        parties=(CLIENT, CONTRACTOR, SUPERVISOR),
        units=(Unit("001", "1#楼"), Unit("002", UNIT)),
        authorisations=_letters(day),
    )


def _school_project(day: date) -> Project:
    return Project(
        code=SCHOOL,
        name="渤海路小学 综合楼",
        address="营口市西市区渤海路 66 号",
        parties=(SCHOOL_CLIENT, CONTRACTOR, SUPERVISOR),
        units=(Unit("001", "综合楼"),),
        authorisations=_letters(day),
    )


def _sampling(taken: datetime, delay_min: int, photos: Mapping[str, str], captions: tuple[str, ...]) -> Sampling:
    return Sampling(
        sampler=SAMPLER,
        witness=WITNESS,
        sampled_at=taken,
        witnessed_at=taken + timedelta(minutes=delay_min),
        latitude=Decimal("40.668120"),
        longitude=Decimal("122.224310"),
        distance_m=Decimal("86"),
        photos=tuple(
            Photo(photos[caption], caption, taken + timedelta(minutes=2 * number))
            for number, caption in enumerate(captions)
        ),
    )


def _commission(number: str, lots: tuple[LotOrder, ...], now: datetime) -> Commission:
    return Commission(
        number=number,
        project_code=TOWER,
        project_name="滨海大厦",
        unit_name=UNIT,
        test_type=TestType.WITNESSED,
        commissioned_by=CLIENT,
        client=CLIENT,
        contractor=CONTRACTOR,
        supervisor=SUPERVISOR,
        lots=lots,
        issued_at=now - timedelta(hours=2),
        papers=(Paper.COMMISSION_FORM,),
    )


def _rebar(now: datetime, photos: Mapping[str, str]) -> Commission:
    samples = tuple(
        SampleOrder(index, tag, "三层柱 ③–⑥/Ⓐ–Ⓓ", spare=index == 6) for index, tag in enumerate(REBAR_TAGS, start=1)
    )
    lot = LotOrder(
        index=1,
        method="rebar-lot",
        field=Field.STEEL,
        material="热轧带肋钢筋",
        settings={"grade": "HRB400E", "diameter_mm": "25", "product_standard": "GB1499.2-2024"},
        part="三层柱 ③–⑥/Ⓐ–Ⓓ",
        quantity="58.6 t",
        batch="炉批 26-11843",
        maker="北方特钢有限公司",
        required=5,
        samples=samples,
        sampling=_sampling(now - timedelta(hours=5), 14, photos, ("钢筋取样", "钢筋挂牌", "钢筋见证")),
    )
    return _commission(REBAR_NO, (lot,), now)


def _cubes(index: int, tags: tuple[str, ...], part: str, sampling: Sampling, cast_at: datetime) -> LotOrder:
    return LotOrder(
        index=index,
        method="concrete-cube",
        field=Field.CONCRETE,
        material="混凝土",
        settings={"design_grade": "C30", "side_mm": "150", "curing": "标准养护"},
        part=part,
        quantity="96 m³",
        batch=f"配合比 C30-0{index}17",
        maker="营口新港混凝土有限公司",
        required=3,
        samples=tuple(SampleOrder(number, tag, part, spare=number > 3) for number, tag in enumerate(tags, start=1)),
        sampling=sampling,
        cast_at=cast_at,
        age_days=28,
    )


def _concrete(now: datetime, photos: Mapping[str, str]) -> Commission:
    cast = now - timedelta(days=28, hours=3)
    pictures = ("试块成型", "试块标识", "试块见证")
    good = _cubes(1, CUBE_TAGS, "三层梁板 ①–⑨/Ⓐ–Ⓕ", _sampling(cast, 11, photos, pictures), cast)
    late_cast = cast + timedelta(hours=1)
    late = _cubes(2, LATE_TAGS, "三层剪力墙 ④/Ⓑ–Ⓒ", _sampling(late_cast, 34, photos, pictures), late_cast)
    return _commission(CONCRETE_NO, (good, late), now)


def _school(now: datetime, photos: Mapping[str, str]) -> Commission:
    lot = LotOrder(
        index=1,
        method="rebar-lot",
        field=Field.STEEL,
        material="热轧带肋钢筋",
        settings={"grade": "HRB400E", "diameter_mm": "25", "product_standard": "GB1499.2-2024"},
        part="二层框架梁",
        quantity="41.0 t",
        batch="炉批 26-11790",
        maker="北方特钢有限公司",
        required=5,
        samples=tuple(SampleOrder(index, f"YK2107440809{16 + index}", "二层框架梁") for index in range(1, 6)),
        sampling=_sampling(now - timedelta(hours=7), 9, photos, ("钢筋取样", "钢筋挂牌", "钢筋见证")),
    )
    return Commission(
        number=SCHOOL_NO,
        project_code=SCHOOL,
        project_name="渤海路小学 综合楼",
        unit_name="综合楼",
        test_type=TestType.WITNESSED,
        commissioned_by=SCHOOL_CLIENT,
        client=SCHOOL_CLIENT,
        contractor=CONTRACTOR,
        supervisor=SUPERVISOR,
        lots=(lot,),
        issued_at=now - timedelta(hours=6),
    )
