"""A roster comes in: read the clerk's own workbook, check it in columns, write it in one act, give it back marked."""
