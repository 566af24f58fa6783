"""Any device that writes its readings as text, described by settings instead of code."""
