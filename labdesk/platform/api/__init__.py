"""The machine interface ``/api/v1``: messages, blobs, inbox, report state, trust list, reconciliation."""
