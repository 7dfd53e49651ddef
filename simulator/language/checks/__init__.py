"""What models alone cannot say: checks across keys, sections and files, one file a subject."""
