"""What the platform decides: keys and signatures, report codes, completeness of a report. No database here."""
