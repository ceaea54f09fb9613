"""From what departments deliver to typed, standardised tables with every row accounted for."""
