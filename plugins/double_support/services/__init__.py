"""What staff do about double support: the only modules of this plugin that write."""
