"""What volunteers write: each service asks the right, holds the rules, writes and records."""
