"""The web site: the public page of a report, the pages of projects for the operator."""
