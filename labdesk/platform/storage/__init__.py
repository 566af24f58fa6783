"""Tables and repositories of the platform; what is evidence is only ever inserted, held by triggers."""
