"""The same experiment many times over."""
