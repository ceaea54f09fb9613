"""The routes, one module a subject; who may use them stands in ``service.access_rules``."""
