"""The frame around the pages: rail, header, status bar, notices, help, and the window that holds them."""
