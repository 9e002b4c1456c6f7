"""What the owner of this machine's backend may ask: who is here, and whether its channels work.

Guarded by the key in the server's private file, or an owner's token. It lets a program on the
same machine say who may open the inbox, and what is not received once the last window has gone.
"""

import asyncio

from fastapi import APIRouter

from inbox_tui.backend.channels import Channels
from inbox_tui.backend.context import Context, Owner
from inbox_tui.wire.local import ChannelCheck, LocalChannel, LocalState

router = APIRouter(tags=["local"])

CHECK_WITHIN_S = 15.0
"""How long a platform may take to say who we are."""


@router.get("/api/local")
async def local_state(context: Context, _owner: Owner) -> LocalState:
    """Return who may open the inbox here, how many windows are open and what they receive."""
    directory = context.directory
    channels = [
        LocalChannel(
            slug=directory.channels[key].slug,
            kind=adapter.kind,
            receives=adapter.capabilities.receives,
        )
        for key, adapter in context.channels.all().items()
    ]
    return LocalState(
        embedded=context.embedded,
        windows=len(context.windows),
        agents=[agent.nickname for agent in directory.agents.values() if agent.active],
        channels=channels,
    )


@router.post("/api/local/checks")
async def check(context: Context, _owner: Owner) -> list[ChannelCheck]:
    """Ask each platform whether it knows us."""
    slugs = {key: channel.slug for key, channel in context.directory.channels.items()}
    return await check_channels(context.channels, slugs)


async def check_channels(channels: Channels, slugs: dict[int, str]) -> list[ChannelCheck]:
    """Ask each platform whether it knows us, all at once."""

    async def ask(key: int) -> ChannelCheck:
        adapter = channels.adapter(key)
        try:
            found = await asyncio.wait_for(adapter.check(), CHECK_WITHIN_S)
        except TimeoutError:
            return ChannelCheck(
                slug=slugs[key],
                kind=adapter.kind,
                ok=False,
                problem=f"The platform did not answer within {CHECK_WITHIN_S:.0f} s.",
            )
        return ChannelCheck(
            slug=slugs[key],
            kind=adapter.kind,
            ok=found.ok,
            account=found.account,
            problem=found.problem,
            hint=found.hint,
        )

    return list(await asyncio.gather(*(ask(key) for key in channels.all())))
