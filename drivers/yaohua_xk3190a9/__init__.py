"""Yaohua XK3190-A9 indicators in continuous mode, the commonest force display on older and home-made presses."""
