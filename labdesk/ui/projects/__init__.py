"""Projects under their code: parties, who may act for them, commissions and lots."""
