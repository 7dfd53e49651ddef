"""Lowers what users wrote to integers and arrays; what stands out in it without being wrong, it notes."""
