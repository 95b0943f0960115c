"""A plugin that answers every hook of the core, and keeps a diary of what it was told."""
