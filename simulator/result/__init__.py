"""What a run says: typed sections with their units, the text of `result.json`, its schema and its page."""
