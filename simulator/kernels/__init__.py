"""How kernels are compiled, cached and given their arrays; nothing of the domain."""
