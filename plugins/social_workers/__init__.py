"""Social work: certified workers, agencies, projects, cases, groups and events."""
