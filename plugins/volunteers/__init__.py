"""Volunteers: registry, teams, activities, hours that somebody else confirms, stars, certificates, relief teams."""
