"""What comes in as a spreadsheet: files of any kind into rows, cells into values, bad cells marked and given back."""
