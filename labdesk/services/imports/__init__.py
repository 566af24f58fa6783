"""Exports of other programs: bytes to cells, cells to columns with units, columns to a curve. No name of a file decides anything."""
