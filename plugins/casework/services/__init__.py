"""What staff do with a case; the only writers of this plugin."""
