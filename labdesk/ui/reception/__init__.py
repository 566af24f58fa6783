"""Reception: the arrived commissions, the counter with its verdicts, and what a finished reception gave."""
