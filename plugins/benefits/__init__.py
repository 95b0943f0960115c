"""Benefits paid month by month: standards with their history, who is enrolled, rolls, back-pay, what excludes what."""
