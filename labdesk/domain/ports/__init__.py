"""Ports: what services need from the rooms beside them, one module per stage."""
