"""Applications and files of families: from the counter to the decision, and after it."""
