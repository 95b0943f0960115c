"""Everything of the indicator catalogue that writes."""
