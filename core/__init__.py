"""The thin core."""
