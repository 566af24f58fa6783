"""Jianyi (Wuxi) press and universal machine controllers, asked five times a second."""
