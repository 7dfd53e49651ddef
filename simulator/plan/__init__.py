"""What a run is given: integers, arrays, and what each service of the control plane has to know."""
