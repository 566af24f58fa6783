"""The language of the house: dataclasses, enums, rules, ports and errors. Standard library (and numpy for curves) only."""
