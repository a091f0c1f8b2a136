"""The check of a whole ledger, pass by pass."""
