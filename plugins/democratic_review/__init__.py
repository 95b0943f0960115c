"""Village appraisal panels and their secret ballots."""
