"""What both planes and the measures know: arrays, kinds, outcomes, tallies, readings, and the seam."""
