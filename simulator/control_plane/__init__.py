"""The control plane: faults, health checks, Route 53, operators. One file per service, on SimPy."""
