"""Yaohua indicators that send ``=`` and the display as text, forwards or backwards."""
