"""What a user may write: frozen models without behaviour, and the reading and checking of files."""
