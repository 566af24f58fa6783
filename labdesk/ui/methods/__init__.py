"""The catalogue of methods on the screen."""
