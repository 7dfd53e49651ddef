"""Other tools' formats: what is exported to them, and read from them."""
