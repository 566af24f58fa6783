"""``labdesk demo``: the whole main job, done through the real window with a scanner and a keyboard, step by step on record."""
