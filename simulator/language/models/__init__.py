"""What a user may write: frozen models without behaviour, one file a subject."""
