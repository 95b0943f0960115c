"""Pages of benefits."""

from litestar import Router

router = Router("/benefits", route_handlers=[])
