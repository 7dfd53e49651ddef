"""Lowers what users wrote to plans: integers and arrays. What stands out in it, it notes."""
