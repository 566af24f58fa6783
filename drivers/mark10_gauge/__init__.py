"""Mark-10 force gauges of the series 4, 5 and 7, and those sold under other names with the same command language (GCL2)."""
