"""Charity donation drives, gifts and what they were used for."""
