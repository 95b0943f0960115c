"""What staff do with panels and ballots; only these modules write."""
