"""What somebody without a laboratory pins of a platform, to check reports offline: the file of ``labdesk platform show``."""

from __future__ import annotations

import base64
import json
from pathlib import Path

from labdesk.domain.errors import OperatorError
from labdesk.evidence.trust import Trust


def read_pinned_trust(path: Path) -> Trust:
    """The pinned host, root key and PDF authority, with the platform's key list as of that day.

    Raises:
        OperatorError: ``app.bad_config`` when the file is not what the platform printed.
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        root, authority = bytes.fromhex(found["root_key"]), bytes.fromhex(found["pdf_authority"])
        trust = Trust(str(found["platform"]), (root,), None, (authority,))
        return trust.updated(base64.b64decode(found["trust_list"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise OperatorError("app.bad_config", file=path.name, reason=str(error)) from error
