"""Copies of a ledger: exports, backups, other studios' logs."""
