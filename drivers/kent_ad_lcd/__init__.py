"""Kent controllers with AD LCD: raw converter counts."""
