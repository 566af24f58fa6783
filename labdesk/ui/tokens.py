"""Design tokens: every colour, distance, type size and radius of the screen. No other file holds a style literal (tested).

Colours come in two palettes with the same names. Text colours keep WCAG AA on the grounds they are used on (tested), which is
why verdict fills and chip inks are a little deeper than the signal colours beside them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Final


class Scheme(StrEnum):
    """Light or dark."""

    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True)
class Palette:
    """Colours as ``#rrggbb``.

    Attributes:
        background, surface, line: page, card, hairline.
        ink, ink_2, ink_3: text, secondary text, tertiary text.
        brand, brand_soft, on_brand: action and curve, selection, text on an action.
        ok, warn, bad: signals (dots, markers, bands), with their soft grounds and the ink to write on those.
        ok_fill, warn_fill, bad_fill, info_fill: grounds of verdict banners; ``on_fill`` is written on them.
        rail, rail_active, on_rail, on_rail_active: stage navigation.
        key: ground of a key cap.
        raised: ground of a hovered row or field.
        scrim: the veil under a sheet.
    """

    background: str
    surface: str
    line: str
    ink: str
    ink_2: str
    ink_3: str
    brand: str
    brand_soft: str
    on_brand: str
    ok: str
    warn: str
    bad: str
    ok_soft: str
    warn_soft: str
    bad_soft: str
    ok_ink: str
    warn_ink: str
    bad_ink: str
    info_ink: str
    ok_fill: str
    warn_fill: str
    bad_fill: str
    info_fill: str
    on_fill: str
    rail: str
    rail_active: str
    on_rail: str
    on_rail_active: str
    key: str
    raised: str
    scrim: str


LIGHT: Final = Palette(
    background="#f5f6f8",
    surface="#ffffff",
    line="#e3e6ea",
    ink="#16202c",
    ink_2="#566271",
    ink_3="#69747f",
    brand="#1f5fd6",
    brand_soft="#e8effc",
    on_brand="#ffffff",
    ok="#0f8a55",
    warn="#b26a00",
    bad="#c42b2b",
    ok_soft="#e3f5ec",
    warn_soft="#fdf1dc",
    bad_soft="#fbe6e6",
    ok_ink="#0a6b41",
    warn_ink="#875000",
    bad_ink="#ad2323",
    info_ink="#1a52ba",
    ok_fill="#0c7f4d",
    warn_fill="#945700",
    bad_fill="#c02828",
    info_fill="#1f5fd6",
    on_fill="#ffffff",
    rail="#101a2b",
    rail_active="#21314f",
    on_rail="#a9b6c9",
    on_rail_active="#ffffff",
    key="#f5f6f8",
    raised="#f1f4f8",
    scrim="#16202c",
)

DARK: Final = Palette(
    background="#0e1420",
    surface="#151d2b",
    line="#263246",
    ink="#e8edf5",
    ink_2="#a3b0c2",
    ink_3="#8593aa",
    brand="#5b92ff",
    brand_soft="#1b2a47",
    on_brand="#08111f",
    ok="#35c488",
    warn="#f0ad3d",
    bad="#ff6b6b",
    ok_soft="#12302a",
    warn_soft="#33291a",
    bad_soft="#3a1f29",
    ok_ink="#4ed69b",
    warn_ink="#f4bb5c",
    bad_ink="#ff8a8a",
    info_ink="#85aeff",
    ok_fill="#0c7f4d",
    warn_fill="#945700",
    bad_fill="#c02828",
    info_fill="#2a5fc4",
    on_fill="#ffffff",
    rail="#0a0f18",
    rail_active="#1b2a47",
    on_rail="#98a6bc",
    on_rail_active="#ffffff",
    key="#1c2637",
    raised="#1a2333",
    scrim="#04070c",
)

PALETTES: Final = {Scheme.LIGHT: LIGHT, Scheme.DARK: DARK}


class Space(IntEnum):
    """Distances in device-independent pixels."""

    NONE = 0
    XXS = 2
    XS = 4
    S = 8
    M = 12
    L = 16
    XL = 24
    XXL = 32


class TypeSize(IntEnum):
    """Type scale in device-independent pixels; nothing is smaller than a label."""

    LABEL = 12
    BODY = 14
    REASON = 18
    SECTION = 17
    PAGE = 20
    COUNT_TOTAL = 30
    VERDICT = 40
    COUNT = 56
    FIGURE = 62


class Radius(IntEnum):
    """Corner radii."""

    KEY = 4
    FIELD = 8
    CARD = 10
    BANNER = 14
    CHIP = 99


class Size(IntEnum):
    """Fixed measures of the shell and of controls."""

    HAIRLINE = 1
    DOT = 9
    RAIL = 88
    RAIL_ITEM = 58
    RAIL_ITEM_LEAST = 44
    RAIL_ICON = 22
    HEADER = 66
    STATUS_BAR = 30
    ROW = 40
    TABLE_HEADER = 35
    CHIP = 20
    CONTROL = 40
    KEY_CAP = 20
    BANNER = 118
    BANNER_ICON = 64
    ICON = 16
    NOTICE_ICON = 20
    EMPTY_ICON = 56
    RATE_BAR = 10
    PHOTO = 66
    SIDE = 372
    SHEET = 460
    PIN_KEY = 56
    FORM = 400
    LABEL_COLUMN = 84
    WINDOW_WIDTH = 1366
    WINDOW_HEIGHT = 768
    WINDOW_MIN_WIDTH = 1180
    WINDOW_MIN_HEIGHT = 680


FONT_FAMILY: Final = "Noto Sans SC"
#: Veil of a sheet, 0..1.
SCRIM_OPACITY: Final = 0.45
#: Width of a curve and of a grid line on screen, cosmetic.
CURVE_WIDTH: Final = 1.6
GRID_WIDTH: Final = 1.0
MARKER_SIZE: Final = 8
