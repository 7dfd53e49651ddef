"""One more run for each countermeasure that acted, without it: what each was good for."""
