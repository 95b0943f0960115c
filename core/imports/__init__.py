"""Spreadsheets that plugins take in: one definition gives template, check, marked workbook, command and page."""
