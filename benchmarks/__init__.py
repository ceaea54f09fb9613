"""Measurements against yardsticks; nothing here is part of the program."""
