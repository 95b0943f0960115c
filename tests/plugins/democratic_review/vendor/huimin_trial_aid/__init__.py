"""A small aid of the tests whose cases go before the panel."""
