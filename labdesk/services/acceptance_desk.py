"""Acceptance over a project: groups read, a selection judged at once, a statement kept, checked again and handed out."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from labdesk.domain.acceptance import (
    AcceptancePrinter,
    AcceptanceSheet,
    AcceptanceStatement,
    FrozenGroup,
    GroupPart,
)
from labdesk.domain.clock import WALL, Clock, IdSource
from labdesk.domain.errors import LabDeskError, OperatorError
from labdesk.domain.evaluation import Remark
from labdesk.domain.people import Role, Session
from labdesk.domain.reporting import Laboratory
from labdesk.domain.sentences import Language, say
from labdesk.domain.store import Actor, Blobs, Store, UnitOfWork
from labdesk.evidence.canonical import canonical_hash
from labdesk.services.acceptance_choice import Assessment
from labdesk.services.acceptance_selection import GroupState, SampleGroup, SampleGroups
from labdesk.services.own_tables import hashes_of, keep_tables
from labdesk.services.repeating import evaluate_again, own_texts_of

PREFIX = "PD"
MAY = (Role.CHECKER, Role.REVIEWER, Role.SIGNATORY, Role.QUALITY)
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class AcceptanceDeps:
    """What the use case works with; ``laboratory`` is what is printed on the head of a statement."""

    store: Store
    blobs: Blobs
    clock: Clock
    ids: IdSource
    printer: AcceptancePrinter
    laboratory: Callable[[], Laboratory]


class AcceptanceDesk:
    """The use case."""

    def __init__(self, deps: AcceptanceDeps) -> None:
        self._deps = deps
        self._groups = SampleGroups(deps.store)

    def groups(self, project_code: str, progress: Progress | None = None) -> list[SampleGroup]:
        """Every group of cubes of a project, in the order of casting."""
        return self._groups.of_project(project_code, progress)

    def low_group_percent(self) -> Decimal | None:
        """The region's trigger for single low groups, today."""
        with self._deps.store.read() as uow:
            return uow.profiles.current(self._deps.clock.now()).low_group_percent

    def statements(self, project_code: str) -> list[AcceptanceStatement]:
        """Statements of a project, newest first."""
        with self._deps.store.read() as uow:
            return uow.projects.acceptance.of_project(project_code)

    def statement(self, number: str) -> AcceptanceStatement:
        """A statement; raises OperatorError ``acceptance.no_statement``."""
        with self._deps.store.read() as uow:
            found = uow.projects.acceptance.get(number)
        if found is None:
            raise OperatorError("acceptance.no_statement", number=number[:32])
        return found

    def keep(self, project_code: str, found: Assessment, session: Session, note: str = "") -> AcceptanceStatement:
        """Keep a statement over the selection as it was judged.

        Raises:
            OperatorError: ``acceptance.role``; ``acceptance.group_changed`` where a group was evaluated again since it was read.
        """
        if not any(session.person.may(role) for role in MAY):
            raise OperatorError("acceptance.role", name=session.person.name)
        at, own = self._deps.clock.now(), own_texts_of(found.evaluation)
        with self._deps.store.write(Actor(session.person.id, session.station)) as uow:
            if uow.projects.get(project_code) is None:
                raise OperatorError("acceptance.no_project", code=project_code[:40])
            _unchanged(uow, (*found.groups, *(found.history if found.uses_history else ())))
            number = uow.numbers.take(PREFIX, at.astimezone(WALL).year, self._deps.ids.new_id(), at).text()
            made = AcceptanceStatement(
                number=number,
                project_code=project_code,
                lot=found.lot,
                evaluation=found.evaluation,
                groups=_frozen(found),
                person_id=session.person.id,
                person_name=session.person.name,
                at=at,
                note=note.strip(),
            )
            keep_tables(uow, self._deps.blobs, own, at)
            uow.projects.acceptance.add(made)
            uow.commit()
        if self.statement(number) != made:
            raise OperatorError("acceptance.not_kept", number=number)
        return made

    def check(self, number: str) -> tuple[bool, tuple[Remark, ...]]:
        """Whether a statement still stands on what it was made for, and comes out the same; the reasons in words."""
        made = self.statement(number)
        bad: list[Remark] = []
        told: list[Remark] = []
        with self._deps.store.read() as uow:
            newest = uow.projects.acceptance.newest_ids([group.lot_no for group in made.groups])
            for group in made.groups:
                where = {"number": number, "lot": group.lot_no}
                if (
                    group.evaluation_id
                    and uow.projects.acceptance.hash_of(group.evaluation_id) != group.evaluation_sha256
                ):
                    bad.append(Remark("acceptance.evaluation_differs", where))
                elif newest.get(group.lot_no) != group.evaluation_id:
                    told.append(Remark("acceptance.newer", where))
        if not self._comes_out_the_same(made):
            bad.append(Remark("acceptance.outcome_differs", {"number": number}))
        if not bad:
            told.append(Remark("acceptance.intact", {"number": number, "count": str(len(made.groups))}))
        return not bad, (*bad, *told)

    def _comes_out_the_same(self, made: AcceptanceStatement) -> bool:
        try:
            tables = {digest: self._deps.blobs.get(digest) for digest in hashes_of(made.evaluation)}
            again = evaluate_again(made.lot, made.evaluation, {}, tables)
        except LabDeskError:
            return False
        return (again.values, again.verdict) == (made.evaluation.values, made.evaluation.verdict)

    def paper(self, number: str, why: Sequence[str] = ()) -> bytes:
        """The printed statement."""
        made = self.statement(number)
        with self._deps.store.read() as uow:
            project = uow.projects.get(made.project_code)
        name = project.name if project is not None else made.project_code
        sheet = AcceptanceSheet(made, self._deps.laboratory(), name, canonical_hash(made), tuple(why))
        return self._deps.printer.acceptance(sheet)

    def table(self, number: str, language: Language) -> bytes:
        """The statement as CSV for a spreadsheet (UTF-8 with its mark): outcome, bounds, then the selection."""
        return _csv(self.statement(number), language)


def _unchanged(uow: UnitOfWork, groups: Sequence[SampleGroup]) -> None:
    newest = uow.projects.acceptance.newest_ids([group.lot_no for group in groups])
    for group in groups:
        if newest.get(group.lot_no, "") != group.evaluation_id:
            raise OperatorError("acceptance.group_changed", lot=group.lot_no)


def _frozen(found: Assessment) -> tuple[FrozenGroup, ...]:
    def freeze(group: SampleGroup, part: GroupPart) -> FrozenGroup:
        why = group.why if part is GroupPart.LEFT_OUT else None
        return FrozenGroup(group.lot_no, group.evaluation_id, group.evaluation_sha256, part, why, group.part)

    selected = (
        freeze(group, GroupPart.SAMPLE if group.state is GroupState.COUNTS else GroupPart.LEFT_OUT)
        for group in found.groups
    )
    before = (freeze(group, GroupPart.HISTORY) for group in (found.history if found.uses_history else ()))
    return (*selected, *before)


def value_of(made: AcceptanceStatement) -> Mapping[str, str]:
    """Value of each selected group as it was judged, by number."""
    entries = {piece.label: piece.entries for piece in made.lot.specimens}
    return {label: found.get("fcu_mpa") or found.get("f2_mpa") or "" for label, found in entries.items()}


def _csv(made: AcceptanceStatement, language: Language) -> bytes:
    out = io.StringIO(newline="")
    rows = csv.writer(out)

    def caption(*names: str) -> list[str]:
        return [say(f"acceptance.print.{name}", language) for name in names]

    rows.writerow([*caption("number"), made.number])
    rows.writerow([*caption("code"), made.project_code])
    rows.writerow([*caption("grade"), made.lot.settings.get("design_grade", "")])
    rows.writerow([*caption("rules"), made.evaluation.rules])
    rows.writerow([*caption("verdict"), say(f"acceptance.verdict.{made.evaluation.verdict.value}", language)])
    rows.writerow([*caption("author"), made.person_name])
    rows.writerow([*caption("at"), made.at.astimezone(WALL).isoformat(sep=" ", timespec="minutes")])
    rows.writerow([*caption("hash"), canonical_hash(made)])
    rows.writerow([])
    rows.writerow(caption("quantity", "raw", "rounded", "limit", "clause", "regime"))
    for value in made.evaluation.values:
        name = f"{value.symbol} {value.subject}".strip()
        numbers = ["" if number is None else f"{number:f}" for number in (value.raw, value.rounded)]
        rows.writerow([name, *numbers, value.limit, value.clause, value.regime])
    rows.writerow([])
    rows.writerow(caption("lot", "part", "cast", "value", "standing", "evaluation"))
    values = value_of(made)
    cast = {piece.label: piece.entries.get("cast_at", "")[:10] for piece in made.lot.specimens}
    for group in made.groups:
        standing = say(f"acceptance.part.{group.part.value}", language)
        if group.why is not None:
            standing = f"{standing}: {say(group.why.key, language, **group.why.params)}"
        line = [group.lot_no, group.place, cast.get(group.lot_no, ""), values.get(group.lot_no, ""), standing]
        rows.writerow([_text(item) for item in line] + [group.evaluation_sha256])
    return out.getvalue().encode("utf-8-sig")


def _text(cell: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in "=+-@\t" and cell else cell
