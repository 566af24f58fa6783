"""One table of samples as one test: channels, curve in LabDesk's units, and whether the piece was loaded to the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from labdesk.domain.curve import Channel, Curve, channel_from_decimals
from labdesk.domain.errors import OperatorError
from labdesk.domain.evaluation import Remark
from labdesk.domain.imported import ChannelKind, ImportedChannel, ImportedTest, TestState
from labdesk.services.curve_files import along
from labdesk.services.imports.columns import Chosen, Values, agree, channel, choose, is_bare_extension, values_of
from labdesk.services.imports.dimensions import odd_dimensions
from labdesk.services.imports.encodings import Decoded
from labdesk.services.imports.notes import Told
from labdesk.services.imports.settings import Answers
from labdesk.services.imports.tables import Block, Column
from labdesk.services.imports.units import Unit, named
from labdesk.services.imports.words import plain

_STILL_LOADED = Decimal("0.9")
_FEW_HOLES = Decimal("0.01")
_LENGTHS = (ChannelKind.EXTENSION, ChannelKind.DISPLACEMENT)


@dataclass(frozen=True)
class Raw:
    """A table with what lines and results said of it; ``peak_kn`` from the machine's own block of extremes."""

    block: Block
    told: Told
    specimen: str
    mark: str
    peak_kn: Decimal | None


def test_of_block(raw: Raw, answers: Answers) -> ImportedTest:
    """A table as a test; raises OperatorError where something must be asked or cannot be."""
    geometry = {**raw.told.geometry, **answers.geometry()}
    remarks = [item for item in raw.told.remarks if item.params.get("set") not in geometry]
    remarks += odd_dimensions(geometry, raw.told.sizes)
    told = (geometry, dict(raw.told.notes), tuple(raw.told.results))
    if len(raw.block.rows) < 2:
        channels = tuple(_listed(raw, column, "", None) for column in raw.block.columns)
        remarks.append(Remark("import.empty", {"samples": str(len(raw.block.rows))}))
        return ImportedTest(raw.specimen, TestState.EMPTY, channels, None, *told, tuple(remarks))
    chosen = choose(raw.block, answers)
    if ChannelKind.FORCE not in chosen.columns:
        raise OperatorError("curve_file.no_force")
    table = _Table(raw, chosen, answers, geometry)
    curve = table.curve()
    remarks += chosen.remarks + table.remarks
    state = _state(curve, raw.told, remarks)
    channels = tuple(_listed(raw, column, table.used.get(column.place, ""), chosen) for column in raw.block.columns)
    return ImportedTest(raw.specimen, state, channels, curve, *told, tuple(remarks))


def test_of_pairs(decoded: Decoded, answers: Answers) -> ImportedTest:
    """A platform's curve as a test; both units are asked for unless the encoding fixes the period."""
    unit, period = answers.unit("force"), answers.unit("time") or (named("s", "time") if decoded.times_in_s else None)
    silent = [text for text, known in (("force_unit=kN", unit), ("time_unit=s", period)) if known is None]
    if unit is None or period is None:
        raise OperatorError("import.ask_unit", columns=decoded.layout, answer=" ".join(silent))
    force, time = channel(decoded.values, unit, "kN"), channel(decoded.times, period, "s")
    remarks = list(decoded.remarks)
    turned = _loading_positive(force)
    if turned is not force:
        remarks.append(Remark("curve_file.sign_turned"))
    geometry = answers.geometry()
    curve = Curve(time, turned, metadata=dict(geometry))
    listed = (
        ImportedChannel("time", ChannelKind.TIME, period.name, "time_s", len(curve), min(decoded.times), max(decoded.times)),
        ImportedChannel("value", ChannelKind.FORCE, unit.name, "force_kn", len(curve), min(decoded.values), max(decoded.values)),
    )  # fmt: skip
    state = _state(curve, Told(), remarks)
    return ImportedTest("", state, listed, curve, geometry, {}, (), tuple(remarks))


def _listed(raw: Raw, column: Column, used_as: str, chosen: Chosen | None) -> ImportedChannel:
    unit: Unit | None = column.unit
    if chosen is not None:
        for kind, picked in chosen.columns.items():
            unit = chosen.units.get(kind, unit) if picked.place == column.place else unit
    numbers = [value for value in values_of(raw.block, column, raw.mark) if value is not None]
    low, high = (min(numbers), max(numbers)) if numbers else (None, None)
    return ImportedChannel(column.title, column.kind, unit.name if unit else "", used_as, len(numbers), low, high)


def _loading_positive(force: Channel) -> Channel:
    return force.negated() if len(force) and -int(force.counts.min()) > int(force.counts.max()) else force


def _state(curve: Curve, told: Told, remarks: list[Remark]) -> TestState:
    force = curve.force_kn
    peak = int(force.counts.argmax())
    if int(force.counts.max()) <= 0 or int(force.counts.max()) == int(force.counts.min()):
        remarks.append(Remark("import.never_loaded"))
        return TestState.EMPTY
    if told.stopped:
        remarks.append(Remark("import.stopped"))
        return TestState.ABORTED
    broke = any(result.symbol in ("F_break", "A", "At", "dL_break", "Z", "fc") for result in told.results)
    if force.exact(len(force) - 1) > force.exact(peak) * _STILL_LOADED and not broke:
        share = (force.exact(len(force) - 1) * 100 / force.exact(peak)).quantize(Decimal(1))
        remarks.append(Remark("import.ends_loaded", {"percent": str(share)}))
        return TestState.ABORTED
    return TestState.COMPLETE


class _Table:
    """The chosen columns on their way to a curve."""

    def __init__(self, raw: Raw, chosen: Chosen, answers: Answers, geometry: Mapping[str, str]) -> None:
        self._raw, self._chosen, self._answers, self._geometry = raw, chosen, answers, geometry
        self.remarks: list[Remark] = []
        self.used: dict[int, str] = {}
        self._metadata: dict[str, str] = {}

    def curve(self) -> Curve:
        """The curve; raises OperatorError ``import.ask_time``, ``import.no_samples``, ``curve.time_backwards``."""
        force = self._values(ChannelKind.FORCE) or []
        times = self._values(ChannelKind.TIME) or self._even_times(len(force))
        kept = [at for at, (time, value) in enumerate(zip(times, force, strict=True)) if None not in (time, value)]
        lost = len(force) - len(kept)
        if lost:
            self.remarks.append(Remark("import.rows_left_out", {"count": str(lost)}))
        if len(kept) < 2:
            raise OperatorError("import.no_samples")
        units = self._chosen.units
        if units[ChannelKind.FORCE].quantity == "stress":
            area = self._geometry.get("s0_mm2", "")
            self.remarks.append(
                Remark("import.force_from_stress", {"unit": units[ChannelKind.FORCE].name, "area": area})
            )
        load = channel(_taken(force, kept), units[ChannelKind.FORCE], "kN")
        turned = _loading_positive(load)
        self._mark(ChannelKind.FORCE, "force_kn")
        self._mark(ChannelKind.TIME, "time_s")
        second = units.get(ChannelKind.TIME, Unit("s", "time", Decimal(1)))
        lengths = self._lengths(kept, [times[at] for at in kept], second)
        if turned is not load:
            self.remarks.append(Remark("curve_file.sign_turned"))
            lengths = {kind: along(found, turned) for kind, found in lengths.items()}
        metadata = {**self._origin(), **self._geometry, **self._metadata}
        if self._raw.peak_kn is not None:
            metadata["machine_peak_kn"] = format(self._raw.peak_kn, "f")
        return Curve(
            channel(_taken(times, kept), second, "s"),
            turned,
            lengths.get(ChannelKind.EXTENSION),
            lengths.get(ChannelKind.DISPLACEMENT),
            metadata=metadata,
        )

    def _origin(self) -> dict[str, str]:
        notes = {
            name: text
            for name, text in self._raw.told.notes.items()
            if name in ("date", "operator", "machine", "standard")
        }
        return {**notes, "specimen": self._raw.specimen} if self._raw.specimen else notes

    def _values(self, kind: ChannelKind) -> Values | None:
        column = self._chosen.columns.get(kind)
        return None if column is None else values_of(self._raw.block, column, self._raw.mark)

    def _mark(self, kind: ChannelKind, used_as: str) -> None:
        column = self._chosen.columns.get(kind)
        if column is not None:
            self.used[column.place] = used_as

    def _even_times(self, count: int) -> Values:
        rate = self._answers.number("sampling_hz")
        if rate is None or rate <= 0:
            raise OperatorError("import.ask_time")
        self.remarks.append(Remark("import.even_times", {"hz": format(rate, "f")}))
        return [(Decimal(at) / rate).quantize(Decimal("0.000001")) for at in range(count)]

    def _lengths(self, kept: Sequence[int], times: Values, second: Unit) -> dict[ChannelKind, Channel]:
        """Extension and displacement. A strain column tells which length is the extensometer's."""
        found = {kind: self._length(kind, kept, times, second) for kind in _LENGTHS}
        series = {kind: values for kind, values in found.items() if values is not None}
        strain = self._from_strain(kept, times, second)
        if strain is not None:
            self._by_strain(series, strain, kept)
        elif ChannelKind.EXTENSION in series and self._is_crosshead(ChannelKind.EXTENSION):
            column = self._chosen.columns[ChannelKind.EXTENSION]
            self.remarks.append(Remark("import.extension_is_crosshead", {"title": column.title}))
            self.used[column.place] = "displacement_mm"
            moved = series.pop(ChannelKind.EXTENSION)
            other = self._chosen.columns.get(ChannelKind.DISPLACEMENT)
            if other is not None:
                self.used.pop(other.place, None)
            series[ChannelKind.DISPLACEMENT] = moved
        return {kind: channel_from_decimals(values, "mm") for kind, values in series.items()}

    def _length(self, kind: ChannelKind, kept: Sequence[int], times: Values, second: Unit) -> list[Decimal] | None:
        values = self._values(kind)
        if values is None:
            return None
        whole = self._whole([values[at] for at in kept], kind, times, second)
        if whole is None:
            return None
        self._mark(kind, "extension_mm" if kind is ChannelKind.EXTENSION else "displacement_mm")
        factor = self._chosen.units[kind].factor
        return [value * factor for value in whole]

    def _whole(self, values: Values, kind: ChannelKind, times: Values, second: Unit) -> list[Decimal] | None:
        """A column without holes. A tail without values is an extensometer that was taken off; holes elsewhere are said."""
        known = [at for at, value in enumerate(values) if value is not None]
        title = self._chosen.columns[kind].title
        if not known:
            return None
        tail = len(values) - 1 - known[-1]
        holes = known[-1] + 1 - len(known)
        if holes > len(values) * _FEW_HOLES:
            self.remarks.append(Remark("import.holes", {"title": title, "count": str(holes)}))
            return None
        if holes:
            self.remarks.append(Remark("import.few_holes", {"title": title, "count": str(holes)}))
        at_end = times[known[-1] + 1] if tail else None
        if at_end is not None and kind is not ChannelKind.DISPLACEMENT:
            self._metadata["extension_until_s"] = format(at_end * second.factor, "f")
            self.remarks.append(Remark("import.taken_off", {"title": title, "time": format(at_end, "f")}))
        last, filled = values[known[0]] or Decimal(0), []
        for value in values:
            last = value if value is not None else last
            filled.append(last)
        return filled

    def _from_strain(self, kept: Sequence[int], times: Values, second: Unit) -> list[Decimal] | None:
        """The strain column as mm over the gauge length; ``None`` without one, or where the gauge length is not known."""
        column, values = self._chosen.columns.get(ChannelKind.STRAIN), self._values(ChannelKind.STRAIN)
        if column is None or values is None:
            return None
        length = self._geometry.get("le_mm", self._geometry.get("l0_mm", ""))
        unit = self._chosen.units.get(ChannelKind.STRAIN)
        if not length or Decimal(length) <= 0 or unit is None:
            other = ChannelKind.EXTENSION in self._chosen.columns and not self._is_crosshead(ChannelKind.EXTENSION)
            if not other and not _of_crosshead(column):
                self.remarks.append(Remark("import.strain_unused", {"title": column.title}))
            return None
        if _of_crosshead(column):
            return None
        whole = self._whole([values[at] for at in kept], ChannelKind.STRAIN, times, second)
        factor = unit.factor * Decimal(length)
        return None if whole is None else [value * factor for value in whole]

    def _by_strain(self, series: dict[ChannelKind, list[Decimal]], strain: list[Decimal], kept: Sequence[int]) -> None:
        block, mark = self._raw.block, self._raw.mark
        for column in [*block.of(ChannelKind.EXTENSION), *block.of(ChannelKind.DISPLACEMENT)]:
            raw = values_of(block, column, mark)
            values = [raw[at] for at in kept]
            if column.unit is None or any(value is None for value in values):
                continue
            length = [value * column.unit.factor for value in values if value is not None]
            if not agree(length, strain):
                continue
            self._give_place(series, column, length, kept)
            return
        if ChannelKind.EXTENSION in series:  # it is not the extensometer: a crosshead under another name
            column = self._chosen.columns[ChannelKind.EXTENSION]
            series[ChannelKind.DISPLACEMENT] = series.pop(ChannelKind.EXTENSION)
            self.used[column.place] = "displacement_mm"
        column = self._chosen.columns[ChannelKind.STRAIN]
        self.used[column.place] = "extension_mm"
        self.remarks.append(Remark("import.extension_from_strain", {"title": column.title}))
        series[ChannelKind.EXTENSION] = strain

    def _give_place(
        self, series: dict[ChannelKind, list[Decimal]], column: Column, length: list[Decimal], kept: Sequence[int]
    ) -> None:
        """The column that agrees with the strain is the extension; the next best length is the displacement."""
        for place in [place for place, used in self.used.items() if used in ("extension_mm", "displacement_mm")]:
            del self.used[place]
        series.clear()
        series[ChannelKind.EXTENSION] = length
        self.used[column.place] = "extension_mm"
        others = [*self._raw.block.of(ChannelKind.DISPLACEMENT), *self._raw.block.of(ChannelKind.EXTENSION)]
        for other in others:
            raw = values_of(self._raw.block, other, self._raw.mark)
            values = [raw[at] for at in kept]
            if other.place == column.place or other.unit is None or any(value is None for value in values):
                continue
            series[ChannelKind.DISPLACEMENT] = [value * other.unit.factor for value in values if value is not None]
            self.used[other.place] = "displacement_mm"
            return

    def _is_crosshead(self, kind: ChannelKind) -> bool:
        """``Extension`` beside ``Load``, without a strain gauge's column, is the crosshead's travel in the programs that say so."""
        column = self._chosen.columns[kind]
        force = self._chosen.columns[ChannelKind.FORCE]
        asked = self._answers.text(kind.value)
        return not asked and is_bare_extension(column) and "load" in plain(force.title)


def _taken(values: Values, kept: Sequence[int]) -> list[Decimal]:
    return [value for at in kept if (value := values[at]) is not None]


def _of_crosshead(column: Column) -> bool:
    """``Tensile strain (Extension)``, ``Nominal strain``: computed from the crosshead, not measured on the piece."""
    text = plain(column.title)
    crosshead = ("nominal", "nominell", "traverse", "crosshead", "displacement", "grip")
    bare = text.endswith("extension") or text in (
        "tensile strain",
        "compressive strain",
        "flexure strain",
        "tensile strain extension",
    )
    return bare or any(word in text for word in crosshead)
