"""What staff do with dibao: the only modules of this plugin that write."""
