"""Importing finished tests of other programs: file, columns, units, results side by side, specimen, run."""
