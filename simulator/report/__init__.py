"""What a result looks like: terminal summary, pictures, files."""
