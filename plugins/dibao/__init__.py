"""Minimum livelihood guarantee: means-tested monthly cash for families, and the families at its margin."""
