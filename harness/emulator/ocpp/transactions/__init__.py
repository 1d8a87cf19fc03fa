"""Authorisation, transactions, connector states and meter values (blocks C to G, J)."""
