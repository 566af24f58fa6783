"""The widgets gallery: every block once, as it looks in use."""

from __future__ import annotations

import math

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from labdesk.ui.icons import Icon
from labdesk.ui.page import KeyAction
from labdesk.ui.theme import mark
from labdesk.ui.tokens import Size, Space, TypeSize
from labdesk.ui.widgets.banner import BannerAction, Compared, Count, Verdict, VerdictBanner, VerdictState
from labdesk.ui.widgets.basics import Card, page_margins
from labdesk.ui.widgets.chips import Chip, ChipState
from labdesk.ui.widgets.empty import EmptyState
from labdesk.ui.widgets.facts import Fact, FactList
from labdesk.ui.widgets.figures import Band, BigFigure, RateBar
from labdesk.ui.widgets.key_hints import KeyHints
from labdesk.ui.widgets.photos import Photo, PhotoStrip
from labdesk.ui.widgets.pin import PinSheet
from labdesk.ui.widgets.plot import CurveView, Level, LivePlot, Marker, MarkerKind
from labdesk.ui.widgets.sheets import ReasonSheet
from labdesk.ui.widgets.table import CellStyle, Column, DataTable
from labdesk.ui.widgets.timeline import Moment, Timeline

VERDICTS = {
    "match": Verdict(
        VerdictState.MATCH,
        "一致，可收样",
        "试件 3 · HRB400E Φ25 · 三层柱 ③–⑥/Ⓐ–Ⓓ · 标识 YK2107 4408 1263",
        count=Count(3, 6, "已核验"),
    ),
    "mismatch": Verdict(
        VerdictState.MISMATCH,
        "不一致：标识属于另一委托单",
        compared=(
            Compared("本单", "WT-2026-01877", "滨海大厦 2#楼"),
            Compared("扫得", "WT-2026-01869", "渤海路小学 综合楼"),
        ),
        actions=(
            BannerAction("拒收", "F8", lambda: None),
            BannerAction("扫错了，重扫", "Esc", lambda: None),
        ),
    ),
    "hold": Verdict(
        VerdictState.HOLD, "暂存待补", "缺见证员授权书，限 2026-11-23 17:00 前补齐", count=Count(2, 3, "已核验")
    ),
    "info": Verdict(VerdictState.INFO, "请扫描第 4 件的标识", "先看标识与样品是否完好，再逐一扫描"),
}

ROWS = [
    (str(n), f"YK2107 4408 126{n}", "HRB400E Φ25", "三层柱 ③–⑥/Ⓐ–Ⓓ" if n < 5 else "重量偏差", 418.6 + n)
    for n in range(1, 7)
]


def rebar_curve() -> tuple[list[float], list[float]]:
    """A believable curve for pictures: elastic, plateau, hardening."""
    xs = [step * 0.01 for step in range(1240)]
    ys = []
    for x in xs:
        if x < 1.6:
            ys.append(x / 1.6 * 216.4)
        elif x < 4.4:
            ys.append(205 + 3 * math.sin(x * 9) + max(0.0, 11 - (x - 1.6) * 30))
        else:
            ys.append(205 + 81 * (1 - math.exp(-(x - 4.4) / 3.2)))
    return xs, ys


def photo(colour: str) -> bytes:
    """A plain picture as PNG bytes."""
    image = QImage(160, 120, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(buffer.data().data())


def _chip(row: tuple[str, ...]) -> Chip:
    states = {"1": ChipState.OK, "2": ChipState.OK, "3": ChipState.BAD, "4": ChipState.WARN}
    words = {"3": "标识属于 WT-2026-01869", "4": "见证 26 分钟"}
    state = states.get(row[0], ChipState.INFO)
    return Chip(state, words.get(row[0], "一致" if state is ChipState.OK else "待扫"))


def table() -> DataTable:
    """Six rows with chips."""
    made: DataTable = DataTable(
        (
            Column(lambda: "#", lambda row: row[0], width=48),
            Column(lambda: "唯一性标识", lambda row: row[1], style=CellStyle.STRONG),
            Column(lambda: "规格", lambda row: row[2]),
            Column(lambda: "部位", lambda row: row[3], style=CellStyle.QUIET),
            Column(lambda: "ReL", lambda row: f"{row[4]:.1f}", style=CellStyle.NUMBER, width=90),
            Column(lambda: "核验", lambda row: "", _chip),
        )
    )
    made.show_rows(ROWS)
    return made


def facts() -> FactList:
    """A project card's facts."""
    made = FactList()
    made.show_facts(
        (
            Fact("项目", "滨海大厦 2#楼", strong=True),
            Fact("项目码", "LN-2108-0031-7752"),
            Fact("建设单位", "营口滨海置业有限公司", Chip(ChipState.OK, "委托方")),
            Fact("取样 / 见证", "王海涛 / 赵敏"),
            Fact("见证完成", "11-21 09:26", Chip(ChipState.OK, "14 分钟")),
            Fact("取样位置", "距工地 86 m", Chip(ChipState.WARN, "范围外")),
        )
    )
    return made


def keys() -> KeyHints:
    """Six keys in two columns."""
    made = KeyHints()
    named = (
        ("Space", "外观完好"),
        ("F6", "标识破损"),
        ("F7", "样品破损"),
        ("F8", "拒收"),
        ("F9", "暂存待补"),
        ("F10", "完成"),
    )
    made.show_actions([KeyAction(key, lambda text=text: text, lambda: None) for key, text in named])
    return made


def card(title: str, *widgets: QWidget) -> Card:
    """A card around widgets."""
    made = Card(title)
    for widget in widgets:
        made.body.addWidget(widget)
    return made


def page(left: tuple[QWidget, ...], right: tuple[QWidget, ...], top: QWidget | None = None) -> QWidget:
    """A page body: an optional banner, a wide left column and a side column."""
    made = QWidget()
    mark(made, kind="page")
    outer = QVBoxLayout(made)
    page_margins(outer)
    outer.insertSpacing(0, Space.XL)
    if top is not None:
        outer.addWidget(top)
    columns = QHBoxLayout()
    columns.setSpacing(Space.L)
    main, side = QVBoxLayout(), QVBoxLayout()
    for layout, widgets in ((main, left), (side, right)):
        layout.setSpacing(Space.L)
        for widget in widgets:
            layout.addWidget(widget)
    side.addStretch(1)
    columns.addLayout(main, 1)
    columns.addLayout(side)
    for widget in right:
        widget.setFixedWidth(Size.SIDE)
    outer.addLayout(columns, 1)
    return made


def reception_like(verdict: Verdict) -> QWidget:
    """Banner, table, facts, photographs, keys."""
    banner = VerdictBanner()
    banner.show_verdict(verdict)
    rows = Card()
    rows.flush()
    rows.body.addWidget(table())
    strip = PhotoStrip()
    strip.show_photos((Photo("a", photo("#8fa0b3")), Photo("b", photo("#a08c75")), Photo("c", None)))
    return page((rows,), (card("", facts()), card("取样影像", strip), card("", keys())), banner)


def bench_like() -> QWidget:
    """Live curve, figures, rate."""
    plot = LivePlot()
    xs, ys = rebar_curve()
    plot.append(xs[:600], ys[:600])
    plot.interrupt()
    plot.append(xs[640:], ys[640:])
    plot.draw_frame()
    plot.set_markers((), (Level("ReH", 1.6, vertical=True), Level("ReL", 203.0)))
    force, rate, bar = BigFigure(), BigFigure(TypeSize.VERDICT), RateBar()
    force.set_caption("力", "kN")
    force.show_figure("281.6")
    rate.set_caption("强化阶段应变速率 · ≤ 0.008 /s", "/s")
    band = Band(0.01, 0.0, 0.008, 0.001)
    rate.show_figure("0.0021", band.state(0.0021))
    bar.set_band(band)
    bar.show_rate(0.0021)
    numbers = FactList(align_right=True)
    numbers.show_facts(
        (
            Fact("用时", "01:07.4"),
            Fact("弹性段速率", "24.8 MPa/s", state="ok"),
            Fact("ReH", "441 MPa"),
            Fact("峰值", "281.6 kN"),
        )
    )
    return page((card("", plot),), (card("", force), card("", rate, bar), card("", numbers)))


def review_like() -> QWidget:
    """Static curve with markers, table, timeline."""
    curve = CurveView()
    curve.set_labels("引伸 mm", "力 kN")
    xs, ys = rebar_curve()
    curve.set_curve(xs, ys)
    curve.set_markers((Marker("ReH 441", 1.6, 216.4), Marker("Rm 586", xs[-1], ys[-1], MarkerKind.MAXIMUM)))
    way = Timeline()
    way.show_moments(
        (
            Moment("09:12", "取样 · 王海涛 · 工地，86 m"),
            Moment("09:26", "见证 · 赵敏 · 14 分钟内完成", "ok"),
            Moment("15:21", "试验 1 · 张建国 · 万能机 2 · 断裂，一句比较长的说明要换行", "warn"),
            Moment("15:30", "提交审核"),
        )
    )
    return page((card("", curve), card("", table())), (card("样品流转", way),))


def empty_like() -> QWidget:
    """An empty page with a reason sheet in the corner."""
    empty = EmptyState(Icon.INBOX)
    empty.say("还没有委托单", "平台下发的委托单会自动出现在这里。也可以直接扫描委托单上的二维码。", "立即同步")
    made = page((empty,), ())
    sheet = ReasonSheet(made)
    sheet.ask("中止试验", "已采集的数据会原样保存，不会删除。", ("夹具打滑", "试样装反", "设备异常"))
    return made


def pin_like() -> QWidget:
    """A signature's PIN."""
    made = review_like()
    made.resize(Size.WINDOW_WIDTH, Size.WINDOW_HEIGHT)
    sheet = PinSheet(made)
    sheet.ask("签署报告", "以审核人身份签署 BG-2026-03311，请再次输入 PIN。")
    sheet.pad.type_digit("1")
    sheet.pad.type_digit("2")
    sheet.refuse("PIN 不正确，还可以再试 3 次。")
    return made


def banners() -> QWidget:
    """All four verdicts below each other."""
    made = QWidget()
    mark(made, kind="page")
    grid = QGridLayout(made)
    grid.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.XL)
    for verdict in VERDICTS.values():
        banner = VerdictBanner()
        banner.show_verdict(verdict)
        grid.addWidget(banner)
    return made


SCREENS = {
    "widgets-banners": banners,
    "widgets-match": lambda: reception_like(VERDICTS["match"]),
    "widgets-mismatch": lambda: reception_like(VERDICTS["mismatch"]),
    "widgets-bench": bench_like,
    "widgets-review": review_like,
    "widgets-empty": empty_like,
    "widgets-pin": pin_like,
}
