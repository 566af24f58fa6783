"""The platform's web site: static."""
