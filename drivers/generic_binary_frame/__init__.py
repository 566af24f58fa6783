"""Any device that sends binary frames, described by settings instead of code."""
