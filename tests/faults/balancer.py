"""A balancer as teams put before several bots: each request to the next one that can be reached, and to no second one."""

import itertools

import aiohttp
from aiohttp import web


class Balancer:
    """Serves on a free port of loopback; ``backends`` are the addresses (``host:port``) of the bots."""

    def __init__(self, backends):
        self._turns = itertools.cycle(backends)
        self._count = len(backends)
        self._runner = None
        self.url = ""
        #: How many requests each bot answered.
        self.answered = dict.fromkeys(backends, 0)

    async def start(self):
        app = web.Application(client_max_size=2**22)
        app.router.add_route("*", "/{path:.*}", self._pass_on)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self._session = aiohttp.ClientSession()

    async def stop(self):
        await self._session.close()
        await self._runner.cleanup()

    async def _pass_on(self, request):
        body, headers = await request.read(), dict(request.headers)
        for _ in range(self._count):
            backend = next(self._turns)
            try:
                async with self._session.request(
                    request.method, f"http://{backend}{request.path_qs}", data=body, headers=headers
                ) as answer:
                    self.answered[backend] += 1
                    kind = {"Content-Type": answer.headers.get("Content-Type", "text/plain")}
                    return web.Response(status=answer.status, body=await answer.read(), headers=kind)
            except aiohttp.ClientConnectorError:
                continue  # it is not there: nothing was sent, so another may have it
            except aiohttp.ClientError:
                return web.Response(status=502)  # it may have been taken; whoever asked must know
        return web.Response(status=503)
