"""Printed captions and symbols, through the sentence catalogue."""

from __future__ import annotations

from decimal import Decimal

from labdesk.domain.evaluation import Value, Verdict
from labdesk.domain.sentences import Language, catalogue, say
from labdesk.reports.style import markup

# Symbols as the standards print them: base and subscript.
_SYMBOLS = {
    "ReH": "R<sub rise='1.6' size='6'>eH</sub>",
    "ReL": "R<sub rise='1.6' size='6'>eL</sub>",
    "Rm": "R<sub rise='1.6' size='6'>m</sub>",
    "Agt": "A<sub rise='1.6' size='6'>gt</sub>",
    "Ag": "A<sub rise='1.6' size='6'>g</sub>",
    "Rp0.2": "R<sub rise='1.6' size='6'>p0.2</sub>",
    "R°m/R°eL": "R°<sub rise='1.6' size='6'>m</sub>/R°<sub rise='1.6' size='6'>eL</sub>",
    "R°eL/ReL": "R°<sub rise='1.6' size='6'>eL</sub>/R<sub rise='1.6' size='6'>eL</sub>",
    "fcu": "f<sub rise='1.6' size='6'>cu</sub>",
    "fcu,m": "f<sub rise='1.6' size='6'>cu,m</sub>",
    "fcu,m/fcu,k": "f<sub rise='1.6' size='6'>cu,m</sub>/f<sub rise='1.6' size='6'>cu,k</sub>",
    "dW": "",
    "bend": "",
    "reverse bend": "",
    "fcc": "f<sub rise='1.6' size='6'>cc</sub>",
    "Fm": "F<sub rise='1.6' size='6'>m</sub>",
}


class Words:
    """Captions in the language of the printed paper."""

    def __init__(self, language: Language = Language.ZH) -> None:
        self.language = language

    def __call__(self, key: str, **params: object) -> str:
        """The printed caption ``print.<key>``."""
        return say(f"print.{key}", self.language, **params)

    def sentence(self, key: str, **params: object) -> str:
        """Any sentence of the catalogue."""
        return say(key, self.language, **params)

    def symbol(self, symbol: str) -> str:
        """Markup of a symbol with its name where it has one: ``下屈服强度 ReL``."""
        shown = _SYMBOLS.get(symbol, markup(symbol))
        key = f"print.symbol.{symbol}"
        return f"{markup(say(key, self.language))} {shown}".strip() if key in catalogue() else shown

    def value(self, value: Value) -> str:
        """A value as printed; a dash where there is none. What a person saw (bend) is a word."""
        if value.rounded is not None:
            return number(value.rounded)
        if "bend" in value.symbol and value.verdict in (Verdict.PASS, Verdict.FAIL):
            return self("value.no_crack" if value.verdict is Verdict.PASS else "value.crack")
        return "—"

    def limit(self, value: Value) -> str:
        """A limit as printed, a dash where there is none."""
        return (
            value.limit.replace("no crack", self("value.no_crack"))
            .replace("crack <", self("value.crack_below"))
            .replace(" .. ", "～")
            or "—"
        )


def number(value: Decimal) -> str:
    """A decimal with exactly its digits, never in exponent form."""
    return format(value, "f")
