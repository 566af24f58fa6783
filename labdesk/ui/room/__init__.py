"""Other computers that capture: paired by their line, their ports offered beside the own ones."""
