"""Double support keeps the contract of plugins."""

from core.testing import plugin_contract

test_contract = plugin_contract("double_support")
