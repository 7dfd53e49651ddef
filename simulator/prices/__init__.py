"""What a system costs: amounts that are charged, from a run and from what is declared, and list prices."""
