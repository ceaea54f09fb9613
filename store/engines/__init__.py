"""The engines that can run the set-based steps."""
