"""City grids: inspectors report what they find, offices deal with it in working days, months are appraised."""
