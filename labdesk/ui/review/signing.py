"""The two questions of the review: the PIN for a signature, the reason for a return; and what becomes of the answers."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QObject, Signal

from labdesk.domain.errors import LabDeskError
from labdesk.services.review import ReviewService
from labdesk.services.review_desk import ReviewDetails
from labdesk.ui.errors import NoticeState
from labdesk.ui.ops import Command
from labdesk.ui.page import Page, PageContext
from labdesk.ui.review.words import role_word, sentence
from labdesk.ui.widgets.pin import PinSheet
from labdesk.ui.widgets.sheets import ReasonSheet

translate = QCoreApplication.translate


def may_ask(details: ReviewDetails | None) -> bool:
    """The person's turn, whether or not everything was opened: A then says what is left."""
    if details is None or details.role is None:
        return False
    return details.refusal is None or details.refusal.key == "review.not_seen"


class Signing(QObject):
    """Asks, signs, returns.

    Signals:
        done(): something was signed or returned, or how things stand has changed.
    """

    done = Signal()

    def __init__(self, page: Page, context: PageContext, service: ReviewService) -> None:
        super().__init__(page)
        self._context, self._service = context, service
        self._details: ReviewDetails | None = None
        self.pin, self.reason = PinSheet(page), ReasonSheet(page)
        self.pin.entered.connect(self._sign)
        self.reason.given.connect(self._give_back)

    @property
    def asking(self) -> bool:
        """Whether a sheet is open."""
        return self.pin.isVisible() or self.reason.isVisible()

    def ask_pin(self, details: ReviewDetails) -> None:
        """Asks for the PIN, or says what must be opened first."""
        if details.role is None:
            return
        if details.refusal is not None:
            self._context.errors.tell(NoticeState.WARN, sentence(details.refusal))
            return
        self._details = details
        self.pin.ask(
            translate("Review", "Sign {0}").format(details.facts.number),
            translate("Review", "As “{0}”, {1}. Type your PIN; it stands for your signature.").format(
                role_word(details.role), self._context.session().person.name
            ),
        )

    def ask_reason(self, details: ReviewDetails) -> None:
        """Asks why it is given back."""
        self._details = details
        self.reason.ask(
            translate("Review", "Return {0}").format(details.facts.number),
            translate("Review", "The round ends; the main tester submits anew. Nothing is deleted."),
            (
                translate("Review", "The curve does not fit the reported points"),
                translate("Review", "An entry was copied wrongly"),
                translate("Review", "Custody or photos do not fit the sample"),
                translate("Review", "The remarks are incomplete"),
            ),
        )

    def _sign(self, pin: str) -> None:
        details, session, service = self._details, self._context.session(), self._service
        if details is None or details.role is None:
            return
        facts, role = details.facts, details.role

        def sign() -> str:
            if facts.subject_id:
                service.sign(facts.subject, facts.subject_id, role, session, pin)
            else:
                service.submit_and_sign(facts.lot.number, session, pin)
            return facts.number

        Command(self._context.ops, self, sign).then(self._signed).otherwise(self._not_signed).start()

    def _signed(self, number: str) -> None:
        self.pin.close_sheet()
        self._context.errors.tell(NoticeState.OK, translate("Review", "{0} is signed and stored.").format(number))
        self.done.emit()

    def _not_signed(self, error: Exception) -> None:
        """A wrong PIN is asked for again; any other refusal closes the sheet and shows how things stand now."""
        if isinstance(error, LabDeskError) and error.key.startswith("sign_in."):
            self.pin.refuse(self._context.errors.sentence(error))
            return
        self.pin.close_sheet()
        self._context.errors.report(error)
        self.done.emit()

    def _give_back(self, reason: str) -> None:
        details, session, service = self._details, self._context.session(), self._service
        if details is None:
            return
        facts = details.facts
        Command(
            self._context.ops, self, lambda: service.give_back(facts.subject, facts.subject_id, reason, session)
        ).then(lambda returned: self._returned(facts.number)).start()

    def _returned(self, number: str) -> None:
        self._context.errors.tell(NoticeState.INFO, translate("Review", "{0} was returned.").format(number))
        self.done.emit()
