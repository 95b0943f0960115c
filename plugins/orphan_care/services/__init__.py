"""What staff do with children's files; only these modules write."""
