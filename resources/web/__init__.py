"""Pages, styles and scripts of the platform's web site; everything is served locally."""
