"""The calls about automatic messages (section 4 of the specification)."""

from inbox_tui.client.calls import Calls, decode
from inbox_tui.wire.automatic import (
    AutomaticMessages,
    PatchAutomatic,
    PostPreview,
    Preview,
    PutTemplate,
)
from inbox_tui.wire.words import Automatic


class AutomaticCalls(Calls):
    """Which messages are sent by themselves, and their texts."""

    async def automatic(self) -> AutomaticMessages:
        """Return every kind of message with its texts."""
        return await self._get("/api/automatic", AutomaticMessages)

    async def patch_automatic(self, body: PatchAutomatic) -> None:
        """Switch kinds of messages on and off."""
        await self._call("PATCH", "/api/automatic", body=body)

    async def put_template(self, kind: Automatic, body: PutTemplate) -> None:
        """Write a text."""
        await self._call("PUT", f"/api/automatic/{kind}/templates", body=body)

    async def delete_template(
        self, kind: Automatic, *, language: str, channel: str | None = None
    ) -> None:
        """Go back to the text that comes with the program."""
        params = {"language": language} | ({} if channel is None else {"channel": channel})
        await self._call("DELETE", f"/api/automatic/{kind}/templates", params=params)

    async def preview_automatic(self, body: PostPreview) -> Preview:
        """Fill in a text."""
        return decode(await self._call("POST", "/api/automatic/preview", body=body), Preview)
