"""LabDesk's open binary stream for universal machines with extensometer."""
