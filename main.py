"""Starts the desktop: ``python main.py``."""

from labdesk.app.desktop import main

if __name__ == "__main__":
    raise SystemExit(main())
