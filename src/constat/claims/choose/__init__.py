"""What a field of an incident may be: each module gives the candidates of its fields with what speaks for each."""
