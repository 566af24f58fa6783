"""The reports page: where every report stands, its paper, its copies, and whether a paper somebody brings is genuine."""
