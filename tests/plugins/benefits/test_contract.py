"""Benefits keeps the contract of plugins."""

from core.testing import plugin_contract

test_contract = plugin_contract("benefits")
test_contract_of_the_schemes_of_the_tests = plugin_contract("allowance")
