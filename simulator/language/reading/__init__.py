"""From files to models: YAML with positions, messages in plain words, and what is sound in a faulty file."""
