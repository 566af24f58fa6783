"""Names of roles in the current language."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from labdesk.domain.people import Role

translate = QCoreApplication.translate


def role_name(role: Role) -> str:
    """A role as people call it."""
    return {
        Role.RECEPTION: translate("Roles", "Reception"),
        Role.TECHNICIAN: translate("Roles", "Technician"),
        Role.CHECKER: translate("Roles", "Checker"),
        Role.REVIEWER: translate("Roles", "Reviewer"),
        Role.SIGNATORY: translate("Roles", "Authorised signatory"),
        Role.QUALITY: translate("Roles", "Quality manager"),
        Role.ADMINISTRATOR: translate("Roles", "Administrator"),
    }[role]
