"""The reference platform of a region: what LabDesk syncs with in tests, in demos, and where no other platform is.

Layers: ``server`` over ``api`` and ``web`` over ``rules`` and ``storage``; ``rules`` decides without a database, ``storage`` keeps without
judging.
"""
