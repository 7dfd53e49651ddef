"""What Numba is taught about kernels. Nothing else imports it: only compiling takes it."""
