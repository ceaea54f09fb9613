"""What touches which agreed rule: found, clear, or not checked and why."""
