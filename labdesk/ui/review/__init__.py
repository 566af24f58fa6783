"""The review page: raw records and reports, from the curve to the signature, without the mouse."""
