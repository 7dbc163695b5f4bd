"""Stage 3: what the text names. Each module finds one kind of mention in marked sentences."""
