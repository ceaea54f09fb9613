"""What happens in which order: plain steps, and Prefect's view of them."""
