"""Funds: special accounts, allocations with minutes, the ledger, payment batches, bank files, month close."""
