"""How the operational store came to its present tables, one revision a step."""

from typing import Final

HEAD: Final = "0005"
