"""The calls about automatic messages (section 4 of the specification)."""

from inbox_tui.client.calls import Calls, decode, if_match
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

    async def patch_automatic(self, body: PatchAutomatic) -> AutomaticMessages:
        """Switch kinds of messages on and off."""
        return decode(await self._call("PATCH", "/api/automatic", body=body), AutomaticMessages)

    async def put_template(self, kind: Automatic, body: PutTemplate) -> AutomaticMessages:
        """Write a text."""
        answer = await self._call("PUT", f"/api/automatic/{kind}/templates", body=body)
        return decode(answer, AutomaticMessages)

    async def delete_template(
        self,
        kind: Automatic,
        *,
        language: str,
        channel: str | None = None,
        version: int | None = None,
    ) -> AutomaticMessages:
        """Go back to the text that comes with the program."""
        answer = await self._call(
            "DELETE",
            f"/api/automatic/{kind}/templates",
            params={"language": language} | ({} if channel is None else {"channel": channel}),
            headers=if_match(version),
        )
        return decode(answer, AutomaticMessages)

    async def preview_automatic(self, body: PostPreview) -> Preview:
        """Fill in a text."""
        return decode(await self._call("POST", "/api/automatic/preview", body=body), Preview)
