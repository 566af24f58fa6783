"""A&D AD-4402/4404/4406/4410 indicators in stream mode, and the many that copy their line."""
