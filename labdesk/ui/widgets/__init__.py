"""Building blocks of the pages. Import each from its own module; only ``plot`` loads numpy and pyqtgraph."""
