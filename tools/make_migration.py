"""Writes the first revision from the models: tables by autogenerate, triggers as the SQL text of both databases.

Only for the time before the first release, while 0001 may still be written anew; later revisions are written by hand beside it.
"""

from __future__ import annotations

from pathlib import Path

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from labdesk.storage.base import Moment
from labdesk.storage.schema import METADATA, RULES
from labdesk.storage.triggers import all_trigger_sql

TARGET = Path(__file__).parent.parent / "labdesk/storage/migrations/versions/0001_initial.py"
HEADER = '''"""The first schema: every table and every trigger of release 0.1."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

'''
FOOTER = """

def downgrade() -> None:
    raise NotImplementedError("evidence is never migrated backwards; restore the backup made before the upgrade")
"""


def _render(kind: str, obj: object, context: object) -> str | bool:
    return "sa.String(length=27)" if kind == "type" and isinstance(obj, Moment) else False


def main() -> None:
    """Write the revision."""
    with create_engine("sqlite://").connect() as connection:
        context = MigrationContext.configure(connection)
        operations = produce_migrations(context, METADATA).upgrade_ops
        assert operations is not None
        body = render_python_code(operations, render_as_batch=False, render_item=_render)
    triggers = {dialect: all_trigger_sql(dialect, RULES) for dialect in ("sqlite", "postgresql")}
    lines = [HEADER, "TRIGGERS = {\n"]
    for dialect, statements in triggers.items():
        lines.append(f'    "{dialect}": [\n')
        lines += [f"        {statement!r},\n" for statement in statements]
        lines.append("    ],\n")
    lines += ["}\n\n\ndef upgrade() -> None:\n    ", body, "\n"]
    lines.append("    op.execute(\"INSERT INTO counters (name, value) VALUES ('writer', 0)\")\n")
    lines.append(
        "    for statement in TRIGGERS[op.get_bind().dialect.name]:\n        op.get_bind().exec_driver_sql(statement)\n"
    )
    TARGET.write_text("".join(lines) + FOOTER, encoding="utf-8")


if __name__ == "__main__":
    main()
