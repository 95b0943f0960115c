"""What the registry keeps of a person, and of the staff who may look."""
