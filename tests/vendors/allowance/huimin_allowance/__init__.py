"""Schemes of every kind that benefits pays, for its tests."""
