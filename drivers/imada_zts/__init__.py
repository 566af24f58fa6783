"""IMADA ZTS / ZTA force gauges, continuous output."""
