"""Orphans and children whose parents cannot care for them: files, allowance, visits, pairing."""
