"""Test methods as data: a TOML file holds inputs, formula steps, checks, results with limits, and worked examples."""
