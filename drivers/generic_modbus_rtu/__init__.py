"""Any transmitter that answers Modbus RTU, described by a map of registers."""
