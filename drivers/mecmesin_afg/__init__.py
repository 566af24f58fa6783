"""Mecmesin AFG and CFG+ force gauges, also sold as Dillon Quantrol AFG."""
