"""The database of the ledger: all SQL."""
