"""Areas, households and who belongs to them when."""
