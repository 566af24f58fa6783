"""The schema revision this program works with; older databases are migrated, newer ones are refused."""

HEAD = "0001"
