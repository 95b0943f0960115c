"""What staff do with social work: the only modules of this plugin that write."""
