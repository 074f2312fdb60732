"""One record's way from the sender's own cells to the figures that it counts in."""
