"""The sheets of the people page: a person, and new secrets. Typed once, refused in words, kept while it is mended."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QPushButton, QWidget

from labdesk.domain.people import Field, Person, Role, Scope
from labdesk.services.staff import TypedPerson, TypedScope, newest
from labdesk.ui.icons import Icon, icon
from labdesk.ui.people.role_names import role_name
from labdesk.ui.staff.words import caption, field_word
from labdesk.ui.theme import colours
from labdesk.ui.tokens import Size, Space
from labdesk.ui.widgets.basics import button, label, row
from labdesk.ui.widgets.sheets import FormSheet

translate = QCoreApplication.translate

SECRETS = ("pin", "pin_again", "password", "password_again")
_SCOPE = ("valid_from", "valid_to", "reference")
_ROLES_IN_A_LINE = 4


class StaffSheet(FormSheet):
    """A form; Enter goes on and at the end saves.

    Signals:
        given(): everything typed; the sheet stays until it is told to close.
    """

    given = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.card.setFixedWidth(Size.SHEET + Size.FORM + Size.SIDE // 2)
        self.body.setSpacing(Space.S)
        self.fields: dict[str, QLineEdit] = {}
        self._captions: dict[str, QLabel] = {}
        self.stops: list[QWidget] = []
        self._save, self._cancel = button(kind="primary", pressed=self._give), button(pressed=self.cancel)
        self.body.addWidget(self._title)
        self.body.addWidget(self._sentence)

    def _finish(self) -> None:
        self.body.addWidget(self.refusal)
        self.body.addLayout(row(self._cancel, self._save))

    def _line(self, *names: str, secret: bool = False) -> QWidget:
        """Fields side by side under their captions."""
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(Space.NONE, Space.NONE, Space.NONE, Space.NONE)
        grid.setHorizontalSpacing(Space.M)
        grid.setVerticalSpacing(Space.XXS)
        for place, name in enumerate(names):
            made, said = QLineEdit(), label(role="label")
            if secret:
                made.setEchoMode(QLineEdit.EchoMode.Password)
            self.fields[name], self._captions[name] = self._stop(made), said
            grid.addWidget(said, 0, place)
            grid.addWidget(made, 1, place)
            grid.setColumnStretch(place, 1)
        self.body.addWidget(holder)
        return holder

    def _stop(self, field: QLineEdit) -> QLineEdit:
        field.installEventFilter(self)
        self.stops.append(field)
        return field

    def _toggle(self) -> QPushButton:
        made = button()
        made.setCheckable(True)
        made.toggled.connect(partial(_show_checked, made))
        made.installEventFilter(self)
        self.stops.append(made)
        return made

    def retranslate(self, title: str, sentence: str) -> None:
        """All texts; what was typed stays."""
        self._title.setText(title)
        self._sentence.setText(sentence)
        self._sentence.setVisible(bool(sentence))
        for name, said in self._captions.items():
            said.setText(caption(name))
            self.fields[name].setAccessibleName(caption(name))
        self._save.setText(translate("Staff", "Save   Enter"))
        self._cancel.setText(translate("Staff", "Cancel   Esc"))

    def close_sheet(self) -> None:
        """Secrets never stay behind a closed sheet."""
        for name in SECRETS:
            if name in self.fields:
                self.fields[name].clear()
        super().close_sheet()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter goes to the next field that can be typed into, from the last one it saves."""
        enter = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() in enter:
            here = next((index for index, stop in enumerate(self.stops) if stop is watched), None)
            if here is not None:
                following = [stop for stop in self.stops[here + 1 :] if stop.isVisible() and stop.isEnabled()]
                if following:
                    following[0].setFocus()
                else:
                    self._give()
                return True
        return super().eventFilter(watched, event)

    def _give(self) -> None:
        self.given.emit()


class ScopeLine:
    """A switch and, while it is on, the days and the letter of an authorisation."""

    def __init__(self, switch: QPushButton, fields: dict[str, QLineEdit]) -> None:
        self.switch, self.fields = switch, fields
        switch.toggled.connect(self._show)
        self._show(False)

    def put(self, scope: Scope | None) -> None:
        """Begins with what is registered."""
        texts = ("", "", "")
        if scope is not None:
            texts = (scope.valid_from.isoformat(), scope.valid_to.isoformat(), scope.reference)
        for field, text in zip(self.fields.values(), texts, strict=True):
            field.setText(text)
        self.switch.setChecked(scope is not None)

    def typed(self) -> TypedScope | None:
        """What is typed; ``None`` while it is off."""
        return TypedScope(*(field.text() for field in self.fields.values())) if self.switch.isChecked() else None

    def _show(self, on: bool) -> None:
        for field in self.fields.values():
            field.setEnabled(on)


class PersonSheet(StaffSheet):
    """A person: name, badge, roles, authorisations; with secrets for a new one."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.body.setSpacing(Space.XS)
        self._line("name", "badge")
        self._roles_caption = label(role="label")
        self.roles: dict[Role, QPushButton] = {}
        self.body.addWidget(self._roles_caption)
        self.body.addLayout(self._role_grid())
        self._heads: list[tuple[str, QLabel]] = []
        self.tests: dict[Field, ScopeLine] = {}
        self.signs: dict[Field, ScopeLine] = {}
        self.body.addLayout(self._scope_grid())
        self._secrets = self._line(*SECRETS, secret=True)
        self._finish()

    def _role_grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(Space.S)
        grid.setVerticalSpacing(Space.XS)
        for place, role in enumerate(Role):
            self.roles[role] = self._toggle()
            grid.addWidget(self.roles[role], *divmod(place, _ROLES_IN_A_LINE))
        return grid

    def _scope_grid(self) -> QGridLayout:
        """Competences at the left, authorisations to approve at the right: fits the smallest window."""
        grid = QGridLayout()
        grid.setHorizontalSpacing(Space.S)
        grid.setVerticalSpacing(Space.XS)
        for block, (head, found) in enumerate((("tests", self.tests), ("signs", self.signs))):
            first = block * (len(_SCOPE) + 1)
            for place, name in enumerate((head, *_SCOPE), start=first):
                said = label(role="label")
                self._heads.append((name, said))
                grid.addWidget(said, 0, place)
                grid.setColumnStretch(place, 1)
            for number, field in enumerate(Field, start=1):
                switch = self._toggle()
                edits = {name: self._stop(QLineEdit()) for name in _SCOPE}
                edits["valid_from"].setPlaceholderText("2026-01-01")
                edits["valid_to"].setPlaceholderText("2026-12-31")
                found[field] = ScopeLine(switch, edits)
                for place, widget in enumerate((switch, *edits.values()), start=first):
                    grid.addWidget(widget, number, place)
        return grid

    def ask(self, title: str, sentence: str, person: Person | None) -> None:
        """Opens for a person who is registered, or for a new one."""
        for name in SECRETS:
            self.fields[name].clear()
        self.fields["name"].setText(person.name if person else "")
        self.fields["badge"].setText(person.badge if person else "")
        for role, made in self.roles.items():
            made.setChecked(person is not None and role in person.roles)
        for field in Field:
            self.tests[field].put(newest(person.competences, field) if person else None)
            self.signs[field].put(newest(person.signatory, field) if person else None)
        self.fields["name"].setEnabled(person is None)
        self._secrets.setVisible(person is None)
        self.refuse("")
        self.retranslate(title, sentence)
        self.open(self.fields["name" if person is None else "badge"])

    def retranslate(self, title: str, sentence: str) -> None:
        """All texts; what was typed stays."""
        super().retranslate(title, sentence)
        self._roles_caption.setText(translate("Staff", "Roles (Space chooses)"))
        for role, made in self.roles.items():
            made.setText(role_name(role))
        for name, said in self._heads:
            said.setText(caption(name))
        for head, lines in (("tests", self.tests), ("signs", self.signs)):
            for field, line in lines.items():
                line.switch.setText(field_word(field))
                line.switch.setAccessibleName(f"{caption(head)} · {field_word(field)}")
                for name, edit in line.fields.items():
                    edit.setAccessibleName(f"{line.switch.accessibleName()} · {caption(name)}")

    def typed(self) -> TypedPerson:
        """The person as typed."""
        return TypedPerson(
            self.fields["name"].text(),
            self.fields["badge"].text(),
            tuple(role for role, made in self.roles.items() if made.isChecked()),
            _given(self.tests),
            _given(self.signs),
        )


class SecretsSheet(StaffSheet):
    """A new PIN and, if wanted, a new password."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.card.setFixedWidth(Size.SHEET + Space.XXL)
        for pair in (SECRETS[:2], SECRETS[2:]):
            self._line(*pair, secret=True)
        self._finish()

    def ask(self, title: str, sentence: str) -> None:
        """Opens empty."""
        for field in self.fields.values():
            field.clear()
        self.refuse("")
        self.retranslate(title, sentence)
        self.open(self.fields["pin"])


def secrets_differ(fields: dict[str, QLineEdit]) -> str:
    """``pin`` or ``password`` where the two entries differ, else empty."""
    pairs: Sequence[tuple[str, str]] = (("pin", "pin_again"), ("password", "password_again"))
    return next((first for first, second in pairs if fields[first].text() != fields[second].text()), "")


def _given(lines: dict[Field, ScopeLine]) -> dict[Field, TypedScope]:
    return {field: typed for field, line in lines.items() if (typed := line.typed()) is not None}


def _show_checked(made: QPushButton, checked: bool) -> None:
    made.setIcon(icon(Icon.OK, Size.ICON, colours().ok) if checked else QIcon())
