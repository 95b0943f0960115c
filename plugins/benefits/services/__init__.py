"""What staff do with benefits: the only modules of this plugin that write."""
