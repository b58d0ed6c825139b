"""The commands, by what they are for. Each is words in, words and exit codes out; it decides nothing."""
