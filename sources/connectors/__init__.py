"""Ways in: each fetches deliveries and judges nothing."""
