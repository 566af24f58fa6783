"""Words of the review: verdicts, roles, values and moments as people read them, in the language on screen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from PySide6.QtCore import QCoreApplication

from labdesk.domain.clock import WALL
from labdesk.domain.custody import CustodyEvent
from labdesk.domain.evaluation import Remark, Value, Verdict
from labdesk.domain.reporting import SignatureRole
from labdesk.domain.sentences import Language, catalogue, say, say_known
from labdesk.services.method_info import LotForm
from labdesk.ui.i18n import language
from labdesk.ui.widgets.chips import Chip, ChipState

translate = QCoreApplication.translate
_CHIPS = {
    Verdict.PASS: ChipState.OK,
    Verdict.FAIL: ChipState.BAD,
    Verdict.RETEST: ChipState.WARN,
    Verdict.INVALID: ChipState.WARN,
    Verdict.NOT_EVALUATED: ChipState.QUIET,
}
_MINUTE = 60
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR
_LONGEST_DETAIL = 40
#: Details that stand beside one of the same name, in a language.
_IN_A_LANGUAGE = tuple(f"_{each.value}" for each in Language)
#: Details that are words of the program, and where their sentences are.
_WORDS_OF = {
    "verdict": ("print.verdict.{}", "reception.verdict.{}", "reception.{}"),
    "reason": ("reception.verdict.{}", "reception.{}"),
    "end": ("web.end.{}",),
    "disposition": ("review.disposition.{}",),
}


def verdict_chip(verdict: Verdict) -> Chip:
    """The verdict as a chip."""
    return Chip(_CHIPS[verdict], say(f"print.verdict.{verdict.value}", language()))


def role_word(role: SignatureRole) -> str:
    """The role as the level of a signature."""
    return say(f"review.role.{role.value}", language())


def sentence(remark: Remark) -> str:
    """A remark as a sentence."""
    return say_known(remark.key, language(), remark.params)


def symbol_word(symbol: str, form: LotForm | None = None) -> str:
    """The standard's symbol, and its name where the method's sheet gives one; what has none worth reading (bend) is a word."""
    named = next((item.words[language()] for item in form.results if item.symbol == symbol), "") if form else ""
    if named:
        return f"{symbol} {named}"
    key = f"print.symbol.{symbol}"
    return say(key, language()) if symbol in ("dW", "bend", "reverse bend") and key in catalogue() else symbol


def entry_word(name: str, form: LotForm | None = None) -> str:
    """What a hand entry is called; its name with unit where it has no word."""
    item = form.input(name) if form is not None else None
    if item is not None:
        return f"{item.words[language()]}, {item.unit}" if item.unit else item.words[language()]
    key = f"review.entry.{name}"
    return say(key, language()) if key in catalogue() else name


def number(value: Decimal | None) -> str:
    """A decimal with its digits; unrounded ones are cut after six significant ones."""
    if value is None:
        return "—"
    text = format(value, "f")
    digits = [character for character in text if character.isdigit()]
    if len(digits) <= 6 or "." not in text:
        return text
    return format(Decimal(f"{value:.6g}").normalize(), "f")


def rounded(value: Value) -> str:
    """The value as reported, with its unit."""
    if value.rounded is not None:
        return f"{value.rounded:f} {value.unit}".strip()
    if "bend" in value.symbol and value.verdict in (Verdict.PASS, Verdict.FAIL):
        return say("print.value.no_crack" if value.verdict is Verdict.PASS else "print.value.crack", language())
    return "—"


def limit(value: Value) -> str:
    """The limit as printed."""
    text = value.limit.replace("no crack", say("print.value.no_crack", language()))
    text = text.replace("crack <", say("print.value.crack_below", language()))
    return text.replace(">=", "≥").replace("<=", "≤") or "—"


def clause(value: Value) -> str:
    """The clause before its standard: where the column is narrow, the standard is what can be cut short."""
    standard, _, number_of = value.clause.rpartition(" ")
    return f"{number_of} · {standard}" if standard else value.clause


def clock_time(moment: datetime, now: datetime) -> str:
    """Local time of the same day as ``HH:MM``, of other days with the date."""
    local = moment.astimezone(WALL)
    return f"{local:%H:%M}" if local.date() == now.astimezone(WALL).date() else f"{local:%m-%d %H:%M}"


def waited(since: datetime, now: datetime) -> str:
    """How long something has waited."""
    seconds = max(0, int((now - since).total_seconds()))
    if seconds < _HOUR:
        return translate("Review", "{0} min").format(seconds // _MINUTE)
    if seconds < _DAY:
        return translate("Review", "{0} h").format(seconds // _HOUR)
    return translate("Review", "{0} d").format(seconds // _DAY)


def custody_text(event: CustodyEvent) -> str:
    """``收样 · 李雯 · 5 / 5``: what happened, who, and the facts that are short enough to read."""
    caption = say(f"custody.{event.kind.value}", language())
    said = {name: event.detail.get(f"{name}_{language().value}", text) for name, text in event.detail.items()}
    plain = {name: text for name, text in said.items() if not name.endswith(_IN_A_LANGUAGE)}
    details = [_detail(name, text) for name, text in plain.items() if _readable(text)]
    return " · ".join([caption, event.person, *dict.fromkeys(text for text in details if text)])


def _detail(name: str, text: str) -> str:
    if name == "role":
        return say(f"review.role.{text}", language())
    if name == "name":
        return entry_word(text)
    for pattern in _WORDS_OF.get(name, ()):
        if (key := pattern.format(text)) in catalogue():
            return say(key, language())
    units: Mapping[str, str] = {"distance_m": "m", "minutes": "min", "peak_kn": "kN"}
    return f"{text} {units.get(name, '')}".strip()


def _readable(text: str) -> bool:
    """Whether a detail is meant for people: no hash, no key."""
    dense = text.replace("-", "")
    is_key = len(dense) >= 24 and all(character in "0123456789abcdef" for character in dense)
    return bool(text) and len(text) <= _LONGEST_DETAIL and not is_key
