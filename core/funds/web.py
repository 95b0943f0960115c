"""The pages of the money: funds, allocations, batches, month end, what came back, oversight."""

from litestar import Router

from core.funds import allocation_web, batch_web, close_web, fund_web, oversight_web, recovery_web

router = Router(
    "/funds",
    route_handlers=[
        fund_web.router,
        allocation_web.router,
        batch_web.router,
        close_web.router,
        recovery_web.router,
        oversight_web.router,
    ],
)
