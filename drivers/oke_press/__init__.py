"""OKE / Chenxin press controllers, asked five times a second."""
