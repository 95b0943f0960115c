"""What staff do with gifts: the only modules of this plugin that write."""
