"""The data plane: every request and every write, compiled; one file per hop."""
