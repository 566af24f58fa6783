"""The desktop's screen: shell, pages per stage, widgets. The only room that knows Qt; it sees services and domain."""
