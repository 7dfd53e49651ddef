"""A draft of a topology, made of what infrastructure files declare, with the origin of each line."""
