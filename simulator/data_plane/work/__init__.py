"""What an instance does with a request, and its calls to stores."""
