"""What a person may answer when a file does not say: ``--set name=value``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from labdesk.domain.errors import OperatorError
from labdesk.services.imports.units import Unit, named

GEOMETRY = (
    "s0_mm2", "l0_mm", "le_mm", "lc_mm", "lu_mm", "diameter_mm", "width_mm", "thickness_mm", "side_mm", "height_mm",
    "length_mm", "mass_g",
)  # fmt: skip
COLUMNS = ("time", "force", "extension", "displacement", "strain")
KNOWN = (
    *COLUMNS, *(f"{name}_unit" for name in COLUMNS), "columns", "specimen", "decimal", "encoding", "curve_a", "curve_b",
    "sampling_hz", *GEOMETRY,
)  # fmt: skip
_QUANTITIES = {"time": "time", "force": "force", "extension": "length", "displacement": "length", "strain": "strain"}


@dataclass(frozen=True)
class Answers:
    """The answers by name; everything is checked when it is asked for.

    Raises:
        OperatorError: ``import.unknown_setting`` for a name that no reader knows.
    """

    texts: Mapping[str, str]

    def __post_init__(self) -> None:
        unknown = sorted(set(self.texts) - set(KNOWN))
        if unknown:
            raise OperatorError("import.unknown_setting", name=unknown[0], known=", ".join(KNOWN))

    def text(self, name: str) -> str:
        """The answer, stripped; empty if none was given."""
        return self.texts.get(name, "").strip()

    def unit(self, column: str) -> Unit | None:
        """The unit answered for a column; raises OperatorError ``import.bad_unit``."""
        text = self.text(f"{column}_unit")
        if not text:
            return None
        unit = named(text, _QUANTITIES[column]) or self._over_area(column, text)
        if unit is None:
            raise OperatorError("import.bad_unit", name=f"{column}_unit", text=text[:20])
        return unit

    def _over_area(self, column: str, text: str) -> Unit | None:
        """A stress where the force is asked for: its force over ``s0_mm2``, which then must have been answered too."""
        stress, area = named(text, "stress"), self.number("s0_mm2")
        if column != "force" or stress is None or area is None or area <= 0:
            return None
        return Unit(stress.name, "stress", stress.factor * area / 1000)

    def number(self, name: str) -> Decimal | None:
        """The number answered; raises OperatorError ``import.bad_number``."""
        text = self.text(name)
        if not text:
            return None
        try:
            value = Decimal(text)
        except InvalidOperation:
            value = Decimal("NaN")
        if not value.is_finite():
            raise OperatorError("import.bad_number", name=name, text=text[:20])
        return value

    def mark(self) -> str:
        """The decimal mark answered: ``.`` or ``,``; empty if none was given."""
        text = self.text("decimal")
        if text not in ("", ".", ",", "point", "comma"):
            raise OperatorError("import.bad_unit", name="decimal", text=text[:20])
        return {"point": ".", "comma": ","}.get(text, text)

    def geometry(self) -> dict[str, str]:
        """Dimensions answered, exact."""
        found = {name: self.number(name) for name in GEOMETRY}
        return {name: format(value, "f") for name, value in found.items() if value is not None}
