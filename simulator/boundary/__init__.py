"""What both planes and the measures know: kinds, outcomes, tallies, and the seam between the planes."""
