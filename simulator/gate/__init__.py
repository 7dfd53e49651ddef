"""Many experiments at once, as pipelines ask for them: which files, what became of each, whose format."""
