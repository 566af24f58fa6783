"""Printed matter: archivable, readable, complete, the same every time; drafts and labels give nothing away."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import page
import pikepdf
import pypdfium2
import pytest
from PIL import Image
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from labdesk.domain.commission import TestType
from labdesk.domain.errors import BugError
from labdesk.domain.evaluation import Remark, TestKind
from labdesk.domain.projects import PartyRole
from labdesk.domain.reporting import (
    LabelData,
    PhotoRef,
    ReceiptData,
    ReceiptItem,
    ReportDocument,
    SealedRunFile,
    SlipData,
    say_aloud,
)
from labdesk.domain.sentences import Language
from labdesk.evidence.canonical import canonical_bytes
from labdesk.reports.curves import segments, thin, ticks
from labdesk.reports.qr import ZxingImageReader, read_codes
from labdesk.reports.renderer import DATA_NAME, PdfRenderer
from labdesk.reports.style import markup, printable
from tests.helpers.issuing import coded, issued_cubes, issued_rebar
from tests.helpers.reportworld import COMMISSION, LABORATORY, NOON, PROJECT, cubes, digest, rebar
from tests.helpers.trustworld import world

RENDERER = PdfRenderer()


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return "".join("".join(item.get_textpage().get_text_range().split()) for item in document)
    finally:
        document.close()


def picture_of(pdf: bytes, number: int = 0, dpi: int = 220) -> Image.Image:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return document[number].render(scale=dpi / 72).to_pil().convert("L")
    finally:
        document.close()


def assert_archivable(pdf: bytes) -> None:
    report = page.validate_pdf_bytes(pdf, profile="3b")
    assert report.is_compliant, [(item.rule_id, item.message) for item in report.failures]


def slip(**changes: object) -> SlipData:
    photo = Image.new("RGB", (60, 40), "#a06030")
    out = io.BytesIO()
    photo.save(out, "PNG")
    data = SlipData(
        "JS-2026-0009", LABORATORY, "WT-2026-01873", PROJECT, "YK26-T-0015512", "热轧带肋钢筋 HRB400E φ20", NOON, "王收样",
        "收样台 1", "标识属于另一份委托单，样品不得接收。", "YK-7.4", "标识破损或扫码信息与样品、委托单不一致的，一律拒收",
        "LDT:YK26-T-0015512:4K", "孙志", "委托编号", "WT-2026-01873", "WT-2026-01902", (PhotoRef(digest(out.getvalue()), "标识"),),
    )  # fmt: skip
    return replace(data, **changes)  # type: ignore[arg-type]


def label(number: str = "K4-0721") -> LabelData:
    return LabelData(
        number, "LDS:K4-0721:7Q", "钢筋", "φ20", "2/5", (TestKind.WEIGHT, TestKind.TENSION), date(2026, 11, 21)
    )


def receipt() -> ReceiptData:
    item = ReceiptItem(
        "GJ-2026-0142",
        "热轧带肋钢筋",
        "HRB400E φ20",
        5,
        ("YK26-T-0015512",),
        ("K1-0720", "K1-0721"),
        (TestKind.TENSION,),
        None,
    )
    return ReceiptData(
        "SJ-2026-0311", LABORATORY, COMMISSION, PROJECT, NOON, "王收样", "收样台 1", (item,) * 3, "LDC:WT:00"
    )


@pytest.mark.parametrize("make", [cubes, rebar])
def test_reports_are_archivable_before_signing(make: Callable[[], ReportDocument]) -> None:
    pdf = RENDERER.report(coded(make()))
    assert_archivable(pdf)
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        kinds = {str(spec.UF): str(spec.AFRelationship) for spec in opened.Root.AF}
    assert kinds[DATA_NAME] == "/Data"
    assert sum(kind == "/Source" for kind in kinds.values()) == len(make().runs)


@pytest.mark.parametrize("issue", [issued_cubes, issued_rebar])
def test_reports_are_archivable_and_signed_for_other_readers_too(issue: Callable[[], bytes]) -> None:
    pdf = issue()
    assert_archivable(pdf)
    from asn1crypto import x509

    context = ValidationContext(
        trust_roots=[x509.Certificate.load(world().authority)], allow_fetching=False, moment=NOON
    )
    embedded = PdfFileReader(io.BytesIO(pdf)).embedded_signatures[0]
    status = asyncio.run(async_validate_pdf_signature(embedded, signer_validation_context=context))
    assert status.intact
    assert status.valid
    assert status.trusted
    assert status.coverage.name == "ENTIRE_FILE"


def test_other_papers_are_archivable() -> None:
    for pdf in (RENDERER.receipt(receipt()), RENDERER.slip(slip(), {}), RENDERER.labels([label(), label("C7-1190")])):
        assert_archivable(pdf)


def test_the_same_input_gives_the_same_bytes() -> None:
    document = coded(cubes())
    assert RENDERER.report(document) == RENDERER.report(document)
    assert RENDERER.labels([label()]) == RENDERER.labels([label()])


def test_every_required_field_is_printed() -> None:
    """The field list of Order 57, art. 21, the CMA rules and the platforms, each as its own text."""
    data = rebar().data
    text = text_of(issued_rebar())
    wanted = [
        data.title, data.report_no, data.laboratory.name, data.laboratory.address, data.laboratory.cma_number,
        data.laboratory.test_place, data.commission.number, data.commission.client, data.project.name, data.project.code,
        data.project.permit_no, data.project.unit, data.project.part, *(party.name for party in data.project.parties),
        data.sample.name, data.sample.number, data.sample.grade, data.sample.maker, data.sample.batch,
        data.sample.represented_quantity, *data.sample.tags, *data.sample.specimen_labels, data.commission.sampler.name,
        data.commission.sampler.certificate_no, data.commission.witness.name, data.commission.witness.company,
        data.commission.witness.certificate_no, "见证取样检测", "2026-11-18", "2026-11-19", "2026-11-20",
        *(item.number for item in data.standards), *(item.number for item in data.equipment), "21.5", "48",
        *(item.name for item in data.signatures), data.conclusion, "YK26-7F3K-9Q2N", "第1页共2页", "第2页共2页", "以下空白",
        "十五日", "检测专用章", "CMA", "骑缝章", "仅对所检样品负责", *(run.run_number for run in data.runs),
    ]  # fmt: skip
    assert [item for item in wanted if "".join(item.split()) not in text] == []
    for value in data.evaluation.values:
        assert value.rounded is None or format(value.rounded, "f") in text
        assert "".join(value.clause.split()) in text


def test_the_report_number_and_code_are_on_every_page() -> None:
    document = pypdfium2.PdfDocument(issued_rebar())
    texts = [item.get_textpage().get_text_range() for item in document]
    document.close()
    assert len(texts) == 2
    assert all("GJ-2026-00017" in text and "YK26-7F3K-9Q2N" in text for text in texts)


def test_the_printed_qr_reads_back() -> None:
    document = coded(cubes())
    assert document.code is not None
    codes = [code.text for code in read_codes(picture_of(RENDERER.report(document)))]
    assert codes == [document.code.qr_text]


@pytest.mark.rule("YK-7.2b")
def test_without_a_code_there_is_only_a_marked_draft() -> None:
    pdf = RENDERER.report(cubes())
    assert_archivable(pdf)
    assert "草稿无防伪码不得使用" in text_of(pdf)
    assert read_codes(picture_of(pdf)) == ()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert "/AF" not in opened.Root
    assert "草稿" not in text_of(issued_cubes())


@pytest.mark.rule("YK-4.1")
def test_a_report_the_client_did_not_commission_says_so() -> None:
    document = cubes()
    commission = replace(document.data.commission, client_role=PartyRole.CONTRACTOR)
    changed = replace(document, data=replace(document.data, commission=commission))
    assert "不得作为工程质量验收资料" in text_of(RENDERER.report(coded(changed)))
    supervision = replace(commission, test_type=TestType.SUPERVISION)
    excepted = replace(document, data=replace(document.data, commission=supervision))
    assert "不得作为" not in text_of(RENDERER.report(coded(excepted)))
    assert "不得作为" not in text_of(issued_cubes())


def test_a_new_issue_names_the_one_it_replaces_and_why() -> None:
    data = replace(cubes().data, issue_no=2, replaces_issue=1, replace_reason="工程部位更正")
    text = text_of(RENDERER.report(coded(replace(cubes(), data=data))))
    assert "第2次签发" in text
    assert "替换第1次签发" in text
    assert "工程部位更正" in text


def test_no_curve_is_said_wherever_it_matters() -> None:
    document = cubes()
    run = replace(document.data.runs[0], manual=True, manual_reason="通讯中断，试件已破坏")
    first = replace(document.data.lot.specimens[0], manual_peak_kn=run.peak_kn)
    lot = replace(document.data.lot, specimens=(first, *document.data.lot.specimens[1:]))
    data = replace(document.data, runs=(run, *document.data.runs[1:]), lot=lot)
    text = text_of(RENDERER.report(coded(replace(document, data=data))))
    assert "无曲线，人工读数" in text
    assert "通讯中断，试件已破坏" in text


def test_long_names_wrap_and_many_specimens_flow_over_pages() -> None:
    long_name = "营口市" + "示范性超长名称住宅小区及配套公共服务设施" * 8
    document = rebar()
    labels = [f"K9-{number:04d}" for number in range(24)]
    specimens = tuple(replace(document.data.lot.specimens[3], label=name) for name in labels)
    bend = next(value for value in document.data.evaluation.values if value.symbol == "bend")
    values = (*document.data.evaluation.values, *(replace(bend, subject=name) for name in labels))
    data = replace(
        document.data,
        project=replace(document.data.project, name=long_name),
        lot=replace(document.data.lot, specimens=(*document.data.lot.specimens, *specimens)),
        evaluation=replace(document.data.evaluation, values=values),
        remarks=("备注文字。" * 120,),
    )
    pdf = RENDERER.report(coded(replace(document, data=data)))
    text = text_of(pdf)
    assert_archivable(pdf)
    assert long_name in text
    assert all(name in text for name in labels)


def test_a_mark_moved_by_hand_is_printed_with_its_automatic_value() -> None:
    document = rebar()
    params = {"label": "K1-0721", "name": "ReL, MPa", "automatic": "438.8", "by_hand": "442.2", "reason": "夹具打滑"}
    evaluation = replace(document.data.evaluation, remarks=(Remark("evaluation.mark_moved", params),))
    text = text_of(RENDERER.report(coded(replace(document, data=replace(document.data, evaluation=evaluation)))))
    assert "由人工移动：自动值438.8，人工值442.2，原因：夹具打滑" in text


def test_a_run_that_is_not_its_hash_is_not_attached() -> None:
    document = coded(cubes())
    first = document.runs[0]
    forged = SealedRunFile(first.label, first.run_hash, first.content + b"x", first.file_name)
    with pytest.raises(BugError, match="report_run"):
        RENDERER.report(replace(document, runs=(forged, *document.runs[1:])))
    with pytest.raises(BugError, match="report_run"):
        RENDERER.report(replace(document, runs=document.runs[1:]))


def test_a_machine_s_own_peak_that_differs_is_shown() -> None:
    document = cubes()
    drawing = replace(document.curves[0], stated_peak=861.3)
    text = text_of(RENDERER.report(coded(replace(document, curves=(drawing,)))))
    assert "设备显示峰值861.3" in text
    assert "两者不一致" in text
    assert "两者不一致" not in text_of(issued_cubes())


def test_thinning_keeps_every_extreme_and_gaps_stay_open() -> None:
    y = [0.0] * 10_000
    y[7777], y[1234] = 9.0, -4.0
    kept = thin(len(y), y)
    assert {0, 1234, 7777, 9999} <= set(kept)
    assert len(kept) < 1700
    drawing = replace(cubes().curves[0], gaps=((10, 20),))
    assert list(segments(drawing)) == [(0, 11), (20, len(drawing.y))]
    assert ticks(0, 250) == [0, 50, 100, 150, 200, 250]
    assert "数据中断" in text_of(RENDERER.report(coded(replace(cubes(), curves=(drawing,)))))


@pytest.mark.parametrize(
    "curve", [((), ()), ((0.0,), (1.0,)), ((0.0, 0.0), (0.0, 0.0)), ((0.0, 1.0), (float("nan"), 2.0))]
)
def test_odd_curves_are_drawn_without_fuss(curve: tuple[tuple[float, ...], tuple[float, ...]]) -> None:
    drawing = replace(cubes().curves[0], x=curve[0], y=curve[1], marks=())
    assert RENDERER.report(coded(replace(cubes(), curves=(drawing,)))).startswith(b"%PDF")


def test_labels_say_the_number_and_betray_nobody() -> None:
    pdf = RENDERER.labels([label()])
    text = text_of(pdf)
    assert "K4-0721" in text
    assert "K四杠零七二幺" in text
    assert "钢筋φ20" in text
    for secret in (PROJECT.name, PROJECT.code, COMMISSION.client, "示例钢铁", LABORATORY.name, COMMISSION.number):
        assert "".join(secret.split()) not in text
        assert secret.encode("utf-16-be") not in pdf
        assert secret.encode() not in pdf
    assert [code.text for code in read_codes(picture_of(pdf, dpi=203))] == ["LDS:K4-0721:7Q"]
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        width, height = (float(opened.pages[0].MediaBox[index]) / 72 * 25.4 for index in (2, 3))
    assert (round(width), round(height)) == (70, 40)


def test_a_number_is_said_so_that_it_cannot_be_misheard() -> None:
    assert say_aloud("K4-0717") == "K 四 杠 零 七 幺 七"


@pytest.mark.rule("YK-7.4")
def test_the_slip_shows_reason_rule_and_both_values() -> None:
    photo = io.BytesIO()
    Image.new("RGB", (60, 40), "#a06030").save(photo, "PNG")
    pdf = RENDERER.slip(slip(), {digest(photo.getvalue()): photo.getvalue()})
    text = text_of(pdf)
    for wanted in (
        "JS-2026-0009",
        "拒收",
        "标识属于另一份委托单",
        "WT-2026-01902",
        "YK-7.4",
        "YK26-T-0015512",
        "一律拒收",
        "孙志",
    ):
        assert wanted in text
    assert "照片未附" not in text
    assert [code.text for code in read_codes(picture_of(pdf))] == ["LDT:YK26-T-0015512:4K"]


def test_a_photo_that_is_not_its_hash_or_no_picture_is_left_out_visibly() -> None:
    name = slip().photos[0].sha256
    assert "照片未附" in text_of(RENDERER.slip(slip(), {name: b"another picture"}))
    broken = b"no picture at all"
    changed = slip(photos=(PhotoRef(digest(broken), "标识"),))
    assert "照片未附" in text_of(RENDERER.slip(changed, {digest(broken): broken}))


def test_the_receipt_lists_what_was_taken_in() -> None:
    text = text_of(RENDERER.receipt(receipt()))
    for wanted in (
        "样品接收回执",
        "SJ-2026-0311",
        "WT-2026-01873",
        "GJ-2026-0142",
        "K1-0721",
        "YK26-T-0015512",
        "2026-11-1912:00",
    ):
        assert wanted in text


def test_english_papers_have_no_missing_captions() -> None:
    text = text_of(PdfRenderer(Language.EN).receipt(receipt()))
    assert "Receptionreceipt" in text
    assert "print." not in text
    assert "print." not in text_of(issued_rebar())


def test_what_the_font_lacks_is_said_in_other_ways() -> None:
    assert printable("⌀20 ✔ ✗ \U0001f600") == "φ20 √ × 〓"
    assert printable("㐂龘") == "㐂龘"
    assert markup("R₀<1>&\n") == "R<sub rise='1.6' size='6'>0</sub>&lt;1&gt;&amp;<br/>"


def test_pictures_that_are_none_have_no_codes() -> None:
    assert ZxingImageReader().read(b"GIF89a not really") == ()


def test_data_attached_are_the_canonical_ones() -> None:
    with pikepdf.open(io.BytesIO(issued_cubes())) as opened:
        assert opened.attachments[DATA_NAME].get_file().read_bytes() == canonical_bytes(cubes().data)
    assert isinstance(cubes(), ReportDocument)
