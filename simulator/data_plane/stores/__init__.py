"""What a call does in its store, and how writes become visible in other regions."""
