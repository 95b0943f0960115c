"""Canteens: sites, operators, diners with computed tiers, meals with one subsidy a day, settlement, grants, checks."""
