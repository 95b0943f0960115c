"""Tests that throw what dice make at the county."""
