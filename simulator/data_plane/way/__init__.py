"""The way of a request: content network, door of the region, gateway."""
