"""OKE / Chenxin universal machine controllers, asked five times a second."""
