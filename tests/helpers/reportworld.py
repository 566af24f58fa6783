"""Whole reports for tests: sealed runs with real bytes, evaluated by the real rules, coded and signed by the test world's keys."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache

import numpy as np

from labdesk.domain.capture import BreakCriterion, BreakRule, EndReason, RunClass, RunRequest
from labdesk.domain.commission import TestType
from labdesk.domain.curve import Curve
from labdesk.domain.evaluation import Evaluation, LotInput, SpecimenInput, TestKind
from labdesk.domain.machines import Calibration, Machine
from labdesk.domain.projects import Party, PartyRole, SitePerson
from labdesk.domain.reporting import (
    CommissionLine,
    CurveDrawing,
    CurveMark,
    Environment,
    EquipmentLine,
    Laboratory,
    ProjectLine,
    ReportData,
    ReportDocument,
    RunLine,
    SampleLine,
    SealedRunFile,
    SignatureLine,
    SignatureRole,
    StandardLine,
)
from labdesk.domain.sealed_run import (
    Channel,
    Counters,
    DriverStamp,
    RunHeader,
    SealedRun,
    TimeBase,
    decode_run,
    encode_run,
    run_hash,
)
from labdesk.services.evaluation import evaluate_from_runs
from labdesk.services.sealed_curves import curve_from_bytes
from tests.helpers.synthetic_curves import Recipe, make
from tests.helpers.trustworld import LAB_ID, LAB_NAME

NOON = datetime(2026, 11, 19, 4, 0, tzinfo=UTC)
LABORATORY = Laboratory(
    LAB_ID,
    LAB_NAME,
    "辽宁省营口市站前区示例路 18 号",
    "0417-0000000",
    "CMA 210600000000",
    "资质证书 辽建检字第 0042 号",
    "本机构力学室",
)
PROJECT = ProjectLine(
    "2108002611200001",
    "营口市示例新城一期（1#～9# 楼及地下车库）住宅小区项目建筑安装工程",
    "3# 住宅楼",
    "地上五层 ①～⑫/Ⓐ～Ⓕ 轴 剪力墙、框架柱、梁板",
    "210800202605120101",
    (
        Party(PartyRole.CLIENT, "营口示例房地产开发有限公司"),
        Party(PartyRole.SURVEYOR, "辽宁示例岩土勘察院有限公司"),
        Party(PartyRole.DESIGNER, "示例建筑设计研究院（集团）股份有限公司营口分公司"),
        Party(PartyRole.CONTRACTOR, "辽宁示例建设工程有限公司"),
        Party(PartyRole.SUPERVISOR, "营口示例工程监理有限公司"),
        Party(PartyRole.AUTHORITY, "营口市建设工程质量监督站"),
    ),
)
COMMISSION = CommissionLine(
    "WT-2026-01873",
    "营口示例房地产开发有限公司",
    PartyRole.CLIENT,
    TestType.WITNESSED,
    date(2026, 11, 18),
    SitePerson("赵一鸣", "QY-2108-0331", "辽宁示例建设工程有限公司"),
    SitePerson("钱礼", "JZ-2108-0107", "营口示例工程监理有限公司"),
    "孙志",
)
SIGNATURES = (
    SignatureLine(SignatureRole.TESTED, "李工", "p-1", NOON, "LN-JC-1001"),
    SignatureLine(SignatureRole.CHECKED, "周凡", "p-2", NOON, "LN-JC-1002"),
    SignatureLine(SignatureRole.REVIEWED, "吴敏", "p-3", NOON, "LN-JC-0007"),
    SignatureLine(SignatureRole.APPROVED, "郑远", "p-4", NOON, "LN-SQ-0001"),
)


def _machine(number: str, capacity: int) -> Machine:
    return Machine(
        "m-" + number,
        number,
        "试验机",
        "labdesk_utm",
        "socket://localhost:1",
        Decimal(capacity),
        Decimal("0.5"),
        "LX2026-118",
        date(2026, 1, 5),
        date(2027, 1, 4),
    )


def seal(curve: Curve, label: str, number: str, machine: Machine) -> bytes:
    """A curve as the bytes of a sealed run."""
    calibration = Calibration("LX2026-118", date(2026, 1, 5), date(2027, 1, 4), Decimal("0.5"))
    request = RunRequest(
        f"run-{label}",
        machine.id,
        RunClass.TEST,
        label,
        "p-1",
        "李工",
        "lot",
        calibration,
        Decimal(1),
        Decimal(10),
        BreakCriterion(BreakRule.ATTENUATION, percent=Decimal(40)),
        None,
        number,
    )
    counts = curve.force_kn.counts
    times = tuple(
        int(item)
        for item in np.asarray(curve.time_s.counts, dtype=object) * int(curve.time_s.quantum / Decimal("1e-9"))
    )
    channels = [Channel("force", "kN", curve.force_kn.quantum)]
    columns = [tuple(int(item) for item in counts)]
    if curve.extension_mm is not None:
        channels.append(Channel("extension", "mm", curve.extension_mm.quantum))
        columns.append(tuple(int(item) for item in curve.extension_mm.counts))
    header = RunHeader(
        request,
        machine,
        DriverStamp("labdesk_utm", "1.0", "documented", 1),
        TimeBase.DEVICE,
        NOON,
        NOON,
        NOON,
        True,
        int(np.argmax(counts)),
        len(times) - 1,
        EndReason.BREAK,
        "",
        Counters(good=len(times)),
        Decimal(50),
        20_000_000,
        (),
        (),
        "ab" * 32,
        1000,
        "0.1.0",
    )
    return encode_run(SealedRun(header, tuple(channels), times, tuple(columns)))


def _cube_curve(peak_kn: float, seed: int) -> Curve:
    """A cube's loading: slow start, straight rise, rounding off, crushing."""
    from labdesk.domain.curve import channel_from_floats

    rng = np.random.default_rng(seed)
    time = np.arange(0, 66, 0.05)
    rise = np.clip(time / 60, 0, 1)
    force = peak_kn * (1.12 * rise - 0.12 * rise**3) * (1 - np.exp(-time / 1.5))
    force = force / force.max() * peak_kn
    force = np.where(time > 60, peak_kn * np.exp(-(time - 60) * 3), force) + rng.normal(0, 0.05, time.size)
    return Curve(channel_from_floats(time, Decimal("0.001"), "s"), channel_from_floats(force, Decimal("0.01"), "kN"))


def _drawing(label: str, data: bytes, *, force_time: bool) -> CurveDrawing:
    curve = curve_from_bytes(data)
    y = [float(item) for item in np.asarray(curve.force_kn.counts) * float(curve.force_kn.quantum)]
    axis = curve.time_s if force_time or curve.extension_mm is None else curve.extension_mm
    x = [float(item) for item in np.asarray(axis.counts) * float(axis.quantum)]
    peak = int(np.argmax(y))
    caption = "时间 s" if force_time else "伸长 mm"
    return CurveDrawing(label, caption, "力 kN", x, y, (CurveMark("Fm", x[peak], y[peak]),))


def _file(label: str, data: bytes) -> SealedRunFile:
    return SealedRunFile(label, run_hash(data), data, f"{label}.ldrun", "application/octet-stream")


def _report(title: str, report_no: str, lot: LotInput, evaluation: Evaluation, sample: SampleLine) -> ReportData:
    return ReportData(
        title=title,
        report_no=report_no,
        issue_no=1,
        laboratory=LABORATORY,
        commission=COMMISSION,
        project=PROJECT,
        sample=sample,
        tested_from=date(2026, 11, 19),
        tested_to=date(2026, 11, 19),
        issued_on=date(2026, 11, 20),
        lot=lot,
        evaluation=evaluation,
        standards=(),
        equipment=(),
        environment=Environment(Decimal("21.5"), Decimal(48)),
        runs=(),
        signatures=SIGNATURES,
        conclusion="",
        copies=3,
    )


@cache
def cubes(serial: int = 1, peaks: tuple[float, float, float] = (842.4, 871.9, 818.6)) -> ReportDocument:
    """A report on a group of three 150 mm cubes, without code."""
    label = f"C{serial}-031"
    press = _machine("JC-02", 2000)
    data = [seal(_cube_curve(peak, 10 + i), f"{label}{i}", f"R-26-0{i}", press) for i, peak in enumerate(peaks)]
    specimens = tuple(
        SpecimenInput(f"{label}{i}", (TestKind.COMPRESSION,), {}, run_hash(item), None, "28 d 3 h")
        for i, item in enumerate(data)
    )
    settings = {"side_mm": "150", "design_grade": "C35", "age_d": "28", "test_date": "2026-11-19"}
    lot = LotInput("concrete-cube", "", settings, specimens)
    evaluation = evaluate_from_runs(lot, {run_hash(item): item for item in data})
    sample = SampleLine(
        f"HNT-2026-0{serial}87", "混凝土立方体抗压试块", "C35", "150×150×150 mm", "营口示例混凝土有限公司", "P-1107",
        "98 m³", tuple(f"YK26-T-00{serial}71{i}" for i in range(3)), tuple(item.label for item in specimens),
        date(2026, 10, 22), "标准养护 20±2 ℃", "表面平整，无缺损",
    )  # fmt: skip
    report = replace(
        _report("混凝土立方体抗压强度检测报告", f"HNT-2026-000{serial}7", lot, evaluation, sample),
        standards=(StandardLine("method", "GB/T 50081-2019", "混凝土物理力学性能试验方法标准"),),
        equipment=(EquipmentLine("JC-02", "压力试验机", "YES-2000", "0～2000 kN", "LX2026-118", date(2027, 1, 4)),),
        runs=tuple(
            RunLine(s.label, f"R-26-0{i}", s.run_hash, "JC-02", NOON, decode_run(data[i]).peak_kn)
            for i, s in enumerate(specimens)
        ),
        conclusion="该组试件 28 d 标准养护抗压强度代表值见上表；单组试件不作合格评定，验收按 GB/T 50107 执行。",
    )
    files = tuple(_file(s.label, item) for s, item in zip(specimens, data, strict=True))
    drawings = tuple(_drawing(item.label, item.content, force_time=True) for item in files)
    return ReportDocument(report, drawings, files)


@cache
def rebar(serial: int = 1) -> ReportDocument:
    """A report on a lot of 20 mm HRB400E bars: five weighed, two pulled, one reverse-bent; without code."""
    utm = _machine("JC-07", 600)
    labels = [f"K{serial}-072{i}" for i in range(5)]
    recipes = [
        Recipe(seed=i + 1, upper=455.0 + 6 * i, lower=438.0 + 5 * i, rm=602.0 + 4 * i, noise=3e-4) for i in (0, 1)
    ]
    data = [seal(make(recipe)[0], labels[i], f"R-26-1{i}", utm) for i, recipe in enumerate(recipes)]
    specimens = []
    for i, label in enumerate(labels):
        entries = {"length_mm": str(512 + i), "mass_g": str(1254 + 3 * i)}
        tests: tuple[TestKind, ...] = (TestKind.WEIGHT,)
        if i < 2:
            tests += (TestKind.TENSION,)
            entries |= {"agt_l0_mm": "100", "agt_l_mm": "112.4"}
        elif i == 4:
            tests += (TestKind.REVERSE_BEND,)
            entries |= {"reverse_bend_result": "no-crack"}
        else:
            tests += (TestKind.BEND,)
            entries |= {"bend_result": "no-crack"}
        specimens.append(SpecimenInput(label, tests, entries, run_hash(data[i]) if i < 2 else None))
    settings = {"grade": "HRB400E", "diameter_mm": "20", "lot": "58.6 t", "lot_t": "58.6", "le_mm": "100"}
    lot = LotInput("rebar-lot", "", settings, tuple(specimens))
    evaluation = evaluate_from_runs(lot, {run_hash(item): item for item in data})
    sample = SampleLine(
        f"GJ-2026-0{serial}42", "热轧带肋钢筋", "HRB400E", "φ20 mm", "示例钢铁集团有限公司", "2611A0731", "58.6 t",
        (f"YK26-T-00{serial}5512",), tuple(labels), None, "", "外观完好，标识清晰",
    )  # fmt: skip
    report = replace(
        _report("钢筋力学性能与重量偏差检测报告", f"GJ-2026-000{serial}7", lot, evaluation, sample),
        standards=(
            StandardLine("method", "GB/T 28900-2022", "钢筋混凝土用钢材试验方法"),
            StandardLine("judgement", "GB 1499.2-2024", "钢筋混凝土用钢 第2部分：热轧带肋钢筋"),
        ),
        equipment=(
            EquipmentLine("JC-07", "微机控制万能试验机", "WAW-600", "0～600 kN", "LX2026-118", date(2027, 1, 4)),
            EquipmentLine("JC-19", "电子天平", "LT30", "0～30 kg", "LX2026-204", date(2027, 3, 1)),
        ),
        runs=tuple(
            RunLine(labels[i], f"R-26-1{i}", run_hash(data[i]), "JC-07", NOON, decode_run(data[i]).peak_kn)
            for i in range(2)
        ),
        conclusion="该批钢筋所检项目符合 GB 1499.2-2024 中 HRB400E 的要求。",
    )
    files = tuple(_file(labels[i], item) for i, item in enumerate(data))
    drawings = tuple(_drawing(item.label, item.content, force_time=False) for item in files)
    return ReportDocument(report, drawings, files)


def digest(data: bytes) -> str:
    """SHA-256 (hex)."""
    return hashlib.sha256(data).hexdigest()
