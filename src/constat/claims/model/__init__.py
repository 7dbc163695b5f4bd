"""The second reader: a language model proposes values with their words; nothing it says is believed without them."""
