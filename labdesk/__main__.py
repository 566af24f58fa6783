"""``python -m labdesk``: the same as the command ``labdesk``."""

from labdesk.app.command import main

raise SystemExit(main())
