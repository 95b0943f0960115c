"""What staff do with canteens: the only modules of this plugin that write."""
