"""A request that is not answered."""

from http import HTTPStatus

from domain.errors import HeduiError


class Refused(HeduiError):
    """Why, with which HTTP status, and which headers go with it."""

    def __init__(self, status: HTTPStatus, key: str, **fields: object) -> None:
        self.status = status
        self.headers: dict[str, str] = {}
        super().__init__(key, **fields)
