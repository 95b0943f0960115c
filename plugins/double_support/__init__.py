"""Double support of army and people: visits, projects, self-assessment, army families, co-building, education."""
