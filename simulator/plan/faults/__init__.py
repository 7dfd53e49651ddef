"""What a run is given of faults: one file a target."""
