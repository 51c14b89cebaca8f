"""What the public reads: pairings as rows, calls with their rules in words, counts."""
