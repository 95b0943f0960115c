"""The record of who did what and when: a chain that shows every later touch."""
