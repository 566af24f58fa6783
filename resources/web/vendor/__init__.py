"""Scripts of others, unchanged, with their licences: htmx 4.0.1 (0BSD) and uPlot 1.6.32 (MIT), from the npm packages htmx.org and uplot."""
