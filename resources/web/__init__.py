"""Pages, styles and scripts of the platform's web site; served locally."""
