"""What became of a finding over the nights."""
