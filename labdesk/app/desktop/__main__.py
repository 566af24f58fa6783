"""``python -m labdesk.app.desktop``."""

from labdesk.app.desktop import main

raise SystemExit(main())
