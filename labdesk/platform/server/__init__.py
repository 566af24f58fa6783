"""Puts the platform together: settings, data folder, application, administration."""
