"""What desktop and platform say to each other: versioned envelopes, bodies per kind, receipts and inbox items.

Only shapes live here, no bytes and no keys: canonical bytes and signatures belong to ``labdesk.evidence``, which both sides use.
The format's version is in every envelope; a reader refuses a version it does not know instead of guessing.
"""
