"""The platform's web site: templates."""
