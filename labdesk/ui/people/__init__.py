"""People at the screen: signing in, the first start, names of roles."""
