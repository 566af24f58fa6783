"""The style sheet of the screen, written from tokens. The vocabulary of dynamic properties:

* ``kind``: ``page card rail railItem status header sheet notice banner field primary secondary danger quiet photo``
* ``role``: ``label body strong section page quiet verdict reason figure key``
* ``state``: ``ok warn bad info hold quiet`` on notices, banners and coloured text
"""

from __future__ import annotations

from labdesk.ui.tokens import FONT_FAMILY, Palette, Radius, Size, Space, TypeSize


def style_sheet(t: Palette) -> str:
    """The whole style sheet for a palette."""
    return "\n".join((_base(t), _text(t), _cards(t), _buttons(t), _fields(t), _shell(t), _banners(t), _tables(t)))


def _base(t: Palette) -> str:
    return f"""
    * {{ font-family: "{FONT_FAMILY}"; font-size: {TypeSize.BODY}px; }}
    QMainWindow, QWidget[kind="page"] {{ background: {t.background}; color: {t.ink}; }}
    QLabel {{ color: {t.ink}; background: transparent; }}
    QToolTip {{ color: {t.ink}; background: {t.surface}; border: {Size.HAIRLINE}px solid {t.line}; padding: {Space.XS}px; }}
    QScrollArea, QScrollArea > QWidget > QWidget, QGraphicsView {{ background: transparent; border: none; }}
    QScrollBar:vertical {{ background: transparent; width: {Space.S}px; margin: 0; }}
    QScrollBar::handle:vertical {{ background: {t.line}; border-radius: {Space.XS}px; min-height: {Space.XXL}px; }}
    QScrollBar:horizontal {{ background: transparent; height: {Space.S}px; margin: 0; }}
    QScrollBar::handle:horizontal {{ background: {t.line}; border-radius: {Space.XS}px; min-width: {Space.XXL}px; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
    QProgressBar {{ background: {t.line}; border: none; border-radius: {Radius.KEY}px; max-height: {Space.S}px; }}
    QProgressBar::chunk {{ background: {t.brand}; border-radius: {Radius.KEY}px; }}
    """


def _text(t: Palette) -> str:
    return f"""
    QLabel[role="label"] {{ font-size: {TypeSize.LABEL}px; color: {t.ink_2}; }}
    QLabel[role="quiet"] {{ color: {t.ink_2}; }}
    QLabel[role="strong"] {{ font-weight: 700; }}
    QLabel[role="section"] {{ font-size: {TypeSize.SECTION}px; font-weight: 700; }}
    QLabel[role="page"] {{ font-size: {TypeSize.PAGE}px; font-weight: 700; }}
    QLabel[role="key"] {{ font-size: {TypeSize.LABEL}px; color: {t.ink_2}; background: {t.key};
        border: {Size.HAIRLINE}px solid {t.line}; border-bottom-width: {Space.XXS}px; border-radius: {Radius.KEY}px;
        padding: 0 {Space.S - 2}px; min-height: {Size.KEY_CAP - 3}px; max-height: {Size.KEY_CAP - 3}px; }}
    QLabel[state="ok"] {{ color: {t.ok_ink}; }}
    QLabel[state="warn"] {{ color: {t.warn_ink}; }}
    QLabel[state="bad"] {{ color: {t.bad_ink}; }}
    QLabel[state="info"] {{ color: {t.info_ink}; }}
    """


def _cards(t: Palette) -> str:
    return f"""
    QFrame[kind="card"], QFrame[kind="sheet"] {{ background: {t.surface}; border: {Size.HAIRLINE}px solid {t.line};
        border-radius: {Radius.CARD}px; }}
    QFrame[kind="card"][selected="true"] {{ border-color: {t.brand}; }}
    QFrame[kind="sheet"] {{ border-radius: {Radius.BANNER}px; }}
    QFrame[kind="rule"] {{ background: {t.line}; border: none; max-height: {Size.HAIRLINE}px; }}
    QFrame[kind="notice"] {{ border: none; border-radius: {Radius.CARD}px; background: {t.surface}; }}
    QFrame[kind="notice"][state="warn"] {{ background: {t.warn_soft}; }}
    QFrame[kind="notice"][state="bad"] {{ background: {t.bad_soft}; }}
    QFrame[kind="notice"][state="ok"] {{ background: {t.ok_soft}; }}
    QFrame[kind="notice"][state="info"] {{ background: {t.brand_soft}; }}
    """


def _buttons(t: Palette) -> str:
    shape = f"min-height: {Size.CONTROL - 2}px; border-radius: {Radius.FIELD}px; padding: 0 {Space.L}px; outline: none;"
    return f"""
    QPushButton {{ {shape} color: {t.ink}; background: {t.surface}; border: {Size.HAIRLINE}px solid {t.line}; }}
    QPushButton:hover {{ background: {t.raised}; }}
    QPushButton:focus {{ border-color: {t.brand}; }}
    QPushButton:pressed {{ background: {t.brand_soft}; }}
    QPushButton:disabled {{ color: {t.ink_3}; background: {t.background}; }}
    QPushButton[kind="primary"] {{ color: {t.on_brand}; background: {t.brand}; border-color: {t.brand}; font-weight: 700; }}
    QPushButton[kind="primary"]:hover, QPushButton[kind="primary"]:focus {{ border-color: {t.ink}; }}
    QPushButton[kind="primary"]:disabled {{ color: {t.ink_3}; background: {t.line}; border-color: {t.line}; }}
    QPushButton[kind="danger"] {{ color: {t.on_fill}; background: {t.bad_fill}; border-color: {t.bad_fill}; font-weight: 700; }}
    QPushButton[kind="danger"]:focus {{ border-color: {t.ink}; }}
    QPushButton[kind="quiet"] {{ background: transparent; border-color: transparent; color: {t.ink_2}; padding: 0 {Space.S}px; }}
    QPushButton[kind="quiet"]:hover, QPushButton[kind="quiet"]:focus {{ color: {t.brand}; background: {t.brand_soft}; }}
    QPushButton[kind="pin"] {{ min-height: {Size.PIN_KEY}px; font-size: {TypeSize.PAGE}px; }}
    QPushButton[kind="person"] {{ text-align: left; padding: 0 {Space.M}px; }}
    """


def _fields(t: Palette) -> str:
    fields = "QLineEdit, QPlainTextEdit, QComboBox, QSpinBox, QDoubleSpinBox, QDateEdit, QDateTimeEdit"
    return f"""
    {fields} {{ background: {t.surface}; color: {t.ink}; border: {Size.HAIRLINE}px solid {t.line};
        border-radius: {Radius.FIELD}px; padding: 0 {Space.M}px; min-height: {Size.CONTROL - 2}px;
        selection-background-color: {t.brand}; selection-color: {t.on_brand}; }}
    QPlainTextEdit {{ padding: {Space.S}px {Space.M}px; }}
    QLineEdit:focus, QPlainTextEdit:focus, QComboBox:focus, QSpinBox:focus, QDoubleSpinBox:focus, QDateEdit:focus
        {{ border-color: {t.brand}; }}
    QLineEdit[state="bad"] {{ border-color: {t.bad}; }}
    QLineEdit:disabled, QLineEdit:read-only {{ color: {t.ink_2}; background: {t.background}; }}
    QComboBox::drop-down {{ border: none; width: {Space.XL}px; }}
    QComboBox QAbstractItemView {{ background: {t.surface}; color: {t.ink}; border: {Size.HAIRLINE}px solid {t.line};
        selection-background-color: {t.brand_soft}; selection-color: {t.ink}; }}
    QCheckBox, QRadioButton {{ color: {t.ink}; spacing: {Space.S}px; }}
    """


def _shell(t: Palette) -> str:
    return f"""
    QFrame[kind="rail"] {{ background: {t.rail}; border: none; }}
    QLabel[kind="wordmark"] {{ color: {t.on_rail_active}; font-weight: 700; font-size: {TypeSize.SECTION - 1}px; }}
    QLabel[kind="posterName"] {{ color: {t.on_rail_active}; font-weight: 700; font-size: {TypeSize.VERDICT}px; }}
    QLabel[kind="posterLine"] {{ color: {t.on_rail}; font-size: {TypeSize.REASON}px; }}
    QToolButton[kind="railItem"] {{ color: {t.on_rail}; background: transparent; border: none; font-size: {TypeSize.LABEL}px;
        border-radius: {Radius.CARD}px; padding-top: {Space.XS}px; padding-bottom: {Space.XS}px; }}
    QToolButton[kind="railItem"]:hover {{ color: {t.on_rail_active}; }}
    QToolButton[kind="railItem"]:focus {{ color: {t.on_rail_active}; border: {Size.HAIRLINE}px solid {t.on_rail}; }}
    QToolButton[kind="railItem"]:checked {{ color: {t.on_rail_active}; background: {t.rail_active}; }}
    QFrame[kind="status"] {{ background: {t.surface}; border: none; border-top: {Size.HAIRLINE}px solid {t.line}; }}
    QFrame[kind="status"] QLabel {{ font-size: {TypeSize.LABEL}px; color: {t.ink_2}; }}
    """


def _banners(t: Palette) -> str:
    fills = {"match": t.ok_fill, "mismatch": t.bad_fill, "hold": t.warn_fill, "info": t.info_fill}
    grounds = "\n".join(
        f'QFrame[kind="banner"][state="{state}"] {{ background: {fill}; }}'
        f'QFrame[kind="banner"][state="{state}"] QPushButton[kind="bannerMain"] {{ color: {fill}; }}'
        for state, fill in fills.items()
    )
    return f"""
    QFrame[kind="banner"] {{ border: none; border-radius: {Radius.BANNER}px; }}
    QFrame[kind="banner"] QLabel {{ color: {t.on_fill}; }}
    QFrame[kind="banner"] QLabel[role="verdict"] {{ font-size: {TypeSize.VERDICT}px; font-weight: 700; }}
    QFrame[kind="banner"] QLabel[role="reason"] {{ font-size: {TypeSize.REASON}px; }}
    QFrame[kind="banner"] QLabel[role="reasonStrong"] {{ font-size: {TypeSize.REASON}px; font-weight: 700; }}
    QFrame[kind="banner"] QLabel[role="count"] {{ font-size: {TypeSize.COUNT}px; font-weight: 700; }}
    QFrame[kind="banner"] QLabel[role="countTotal"] {{ font-size: {TypeSize.COUNT_TOTAL}px; font-weight: 700; }}
    QFrame[kind="banner"] QPushButton {{ color: {t.on_fill}; background: transparent;
        border: {Size.HAIRLINE}px solid {t.on_fill}; }}
    QFrame[kind="banner"] QPushButton[kind="bannerMain"] {{ background: {t.on_fill}; font-weight: 700; }}
    QFrame[kind="banner"] QPushButton:focus {{ border-width: {Space.XXS}px; }}
    {grounds}
    """


def _tables(t: Palette) -> str:
    return f"""
    QAbstractItemView {{ background: transparent; color: {t.ink}; border: none; outline: none;
        selection-background-color: {t.brand_soft}; selection-color: {t.ink}; }}
    QHeaderView {{ background: transparent; border: none; }}
    QHeaderView::section {{ background: transparent; color: {t.ink_2}; font-size: {TypeSize.LABEL}px; border: none;
        border-bottom: {Size.HAIRLINE}px solid {t.line}; padding: 0 {Space.M}px; min-height: {Size.TABLE_HEADER}px; }}
    QTableCornerButton::section {{ background: transparent; border: none; }}
    QTabWidget::pane {{ border: none; }}
    QTabBar::tab {{ color: {t.ink_2}; background: transparent; border: none; padding: {Space.S}px {Space.M}px; }}
    QTabBar::tab:selected {{ color: {t.brand}; border-bottom: {Space.XXS}px solid {t.brand}; }}
    """
