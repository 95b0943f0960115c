"""The indicator catalogue: what superiors ask for, targets, stated figures, monthly and quarterly reports."""
