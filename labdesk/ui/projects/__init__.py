"""Projects as the platform knows them, with what of them has come here."""
