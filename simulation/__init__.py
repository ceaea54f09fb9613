"""A fictional district with known truth, delivered as the agreement says."""
