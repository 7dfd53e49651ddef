"""A new project: a reference design with its experiment, to begin from."""
