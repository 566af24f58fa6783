"""Mark-10 ESM301 and ESM303 test stands: force of the gauge and travel over one port, listening only."""
