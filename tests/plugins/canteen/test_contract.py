"""Canteens keep the contract of a plugin."""

from core.testing import plugin_contract

test_contract = plugin_contract("canteen")
