"""Yaohua XK3190-A9 indicators in command mode: several on one line, each answers only when asked."""
