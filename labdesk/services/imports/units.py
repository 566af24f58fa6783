"""Units as exports print them, in any spelling: quantity, and the exact factor to the unit LabDesk counts in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType


@dataclass(frozen=True)
class Unit:
    """A unit that is known.

    Attributes:
        name: how LabDesk writes it.
        quantity: ``force``, ``length``, ``time``, ``strain``, ``stress``, ``area``, ``mass`` or ``other``.
        factor: one of it in kN, mm, s, mm/mm, MPa, mm² or g; 1 for ``other``.
    """

    name: str
    quantity: str
    factor: Decimal


_G = Decimal("9.80665")
_LBF = Decimal("4.4482216152605")

#: Name, quantity, factor, spellings besides the name. Case counts where it changes the meaning (mN, MN).
_TABLE: tuple[tuple[str, str, str | Decimal, str], ...] = (
    ("N", "force", "0.001", "newton newtons n 牛 牛顿 Н"),
    ("kN", "force", "1", "kn KN Kn kilonewton 千牛 千牛顿 кН"),
    ("MN", "force", "1000", "meganewton 兆牛"),
    ("mN", "force", "0.000001", "millinewton"),
    ("daN", "force", "0.01", "dan DaN"),
    ("kgf", "force", _G / 1000, "kp KGF kgF kg-f 公斤力 千克力"),
    ("gf", "force", _G / 1000000, "p gram-force 克力"),
    ("tf", "force", _G, "tonf 吨力 Tf"),
    ("lbf", "force", _LBF / 1000, "LBF lbF lbs-force pound-force"),
    ("kip", "force", _LBF, "kips klbf"),
    ("ozf", "force", _LBF / 16000, ""),
    ("mm", "length", "1", "MM millimeter millimetre millimeters 毫米 ㎜ мм"),
    ("cm", "length", "10", "厘米 ㎝"),
    ("m", "length", "1000", "meter metre 米"),
    ("µm", "length", "0.001", "um μm micron microns 微米 mikrometer ㎛"),
    ("nm", "length", "0.000001", ""),
    ("in", "length", "25.4", "inch inches zoll 英寸 in."),
    ("mil", "length", "0.0254", "mils"),
    ("s", "time", "1", "sec secs sec. second seconds sekunde sekunden seconde secondes 秒 с S"),
    ("ms", "time", "0.001", "msec millisecond milliseconds 毫秒"),
    ("µs", "time", "0.000001", "us μs microseconds 微秒"),
    ("min", "time", "60", "mins minute minutes 分 分钟"),
    ("h", "time", "3600", "hr hour hours 小时"),
    ("%", "strain", "0.01", "percent prozent pct ％ 百分比"),
    ("mm/mm", "strain", "1", "m/m in/in mm/m·10³ mm/mm."),
    ("‰", "strain", "0.001", "mm/m promille"),
    ("µε", "strain", "0.000001", "ue με µm/m um/m μm/m microstrain ustrain"),
    ("MPa", "stress", "1", "mpa Mpa N/mm² N/mm2 N/mm^2 n/mm² n/mm2 兆帕 MPA МПа"),
    ("GPa", "stress", "1000", "gpa kN/mm² kN/mm2 kN/mm^2 吉帕 GPA"),
    ("kPa", "stress", "0.001", "kpa 千帕"),
    ("Pa", "stress", "0.000001", "pa 帕"),
    ("psi", "stress", Decimal("0.006894757293168361"), "PSI lbf/in²"),
    ("ksi", "stress", Decimal("6.894757293168361"), "KSI"),
    ("kgf/mm²", "stress", _G, "kgf/mm2 kg/mm2 kg/mm²"),
    ("bar", "other", "1", ""),
    ("mm²", "area", "1", "mm2 mm^2 MM2 ㎟ 平方毫米"),
    ("cm²", "area", "100", "cm2 cm^2 平方厘米"),
    ("m²", "area", "1000000", "m2 m^2"),
    ("in²", "area", "645.16", "in2 in^2"),
    ("g", "mass", "1", "gram 克"),
    ("kg", "mass", "1000", "KG Kg 公斤 千克"),
    ("t", "mass", "1000000", "T ton tonne 吨"),
    ("lb", "mass", "453.59237", "lbs LB"),
    ("°C", "other", "1", "℃ cel degc deg.c °c °f °F k"),
    ("V", "other", "1", "v mV mv mV/V A mA"),
    ("Hz", "other", "1", "hz 1/s kHz"),
    ("J", "other", "1", "j mJ Nmm N·mm Nm kJ N.mm J/m² kJ/m²"),
    ("d", "other", "1", "day days tag tage 天"),
    ("mm/min", "other", "1", "mm/s mm/sec in/min m/s mm·min-1 %/s %/min s-1 1/min min-1"),
    ("MPa/s", "other", "1", "N/s kN/s kN/min N/mm²/s N/(mm²s) N/mm kN/mm N/m"),
    ("°", "other", "1", "deg rad"),
    ("g/mm³", "other", "1", "kg/m³ kg/m3 g/cm³ g/cm3"),
)  # fmt: skip

#: A mass printed where a force stands: standard gravity, and the person is told.
_FORCE_OF_MASS = {"g": "gf", "kg": "kgf", "t": "tf", "lb": "lbf"}


def _spellings() -> Mapping[str, Unit]:
    found: dict[str, Unit] = {}
    for name, quantity, factor, others in _TABLE:
        unit = Unit(name, quantity, Decimal(factor))
        for spelling in (name, *others.split()):
            found.setdefault(unicodedata.normalize("NFKC", spelling), unit)
    return MappingProxyType(found)


_KNOWN = _spellings()
_BRACKETS = re.compile(r"^[\[(<（【]\s*(.*?)\s*[\])>）】]$")
_AT_END = re.compile(r"^(?P<title>.*?)\s*[\[(<（【]\s*(?P<unit>[^\[\]()（）【】<>]*?)\s*[\])>）】]\s*:?\s*$")
_AFTER_MARK = re.compile(
    r"^(?P<title>.+?)(?P<mark>\s*[/,;_|]\s*|\s+in\s+|\s+)(?P<unit>[^\s/,;_|]+(?:/[^\s/,;_|]+)?)\s*:?\s*$"
)
#: After a mere blank these are words of a title (``F min``, ``Load in``), not units.
_WORDS = {"min", "in", "in.", "deg", "rad", "second", "seconds", "day", "tag", "p", "n", "ton", "minute", "hour", "c"}


def parse_unit(text: str) -> Unit | None:
    """The unit in ``text`` (brackets and quotes aside), or ``None`` where it is none that we know."""
    cleaned = unicodedata.normalize("NFKC", text.strip().strip('"').strip())
    match = _BRACKETS.match(cleaned)
    cleaned = (match.group(1) if match else cleaned).strip().replace(" ", "")
    if not cleaned:
        return None
    return _KNOWN.get(cleaned) or (_KNOWN.get(cleaned.lower()) if len(cleaned) > 2 else None)


def named(name: str, quantity: str) -> Unit | None:
    """The unit a person names for a quantity (``kN``, ``mm`` ...); a mass given for a force is that mass's weight."""
    unit = parse_unit(name)
    if unit is not None and quantity == "force" and unit.name in _FORCE_OF_MASS:
        unit = _KNOWN[_FORCE_OF_MASS[unit.name]]
    return unit if unit is not None and unit.quantity == quantity else None


def is_unit_cell(text: str) -> bool:
    """Whether a cell of a row below the titles is a unit, or an empty bracket."""
    cleaned = text.strip().strip('"').strip()
    return parse_unit(cleaned) is not None or cleaned in ("", "-", "[]", "()", "[-]", "(-)", "1", "[1]", "--")


def split_title(cell: str) -> tuple[str, Unit | None]:
    """``Load (kN)``, ``Kraft [N]``, ``力值/kN``, ``force_kn`` to title and unit; a bracket without a unit stays in the title."""
    stripped = " ".join(cell.strip().strip('"').split())
    match = _AT_END.match(stripped)
    if match and (unit := parse_unit(match["unit"])) is not None:
        return match["title"].strip(" :_,/-"), unit
    if match:
        return stripped, None
    match = _AFTER_MARK.match(stripped)
    if match and (unit := parse_unit(match["unit"])) is not None:
        printed = match["unit"]
        plain = len(printed) > 1 or printed in ("N", "s", "%")
        if match["mark"].strip() or (plain and printed.lower() not in _WORDS - {"n"}):
            return match["title"].strip(" :_,/-"), unit
    return stripped.rstrip(":").strip(), None
