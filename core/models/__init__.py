"""Tables of the frame, each beside those it is read with: a command makes the classes it needs and no others."""
