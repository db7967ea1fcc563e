"""What Discord's objects look like on the wire, its limits, and how a fake answers with them."""

from __future__ import annotations

import json

from aiohttp import web

APP = 5000000000000000001
TOKEN = "a.good.token"
DISCORD_EPOCH = 1420070400000
EPHEMERAL = 64
BOT_USER = {"id": str(APP), "username": "attache", "discriminator": "0", "avatar": None, "bot": True}


def user_of(number: int) -> dict:
    return {"id": str(number), "username": "reader", "discriminator": "0", "avatar": None}


def member_of(number: int) -> dict:
    return {"user": user_of(number), "roles": [], "permissions": "0", "joined_at": None, "flags": 0}


def snowflake(milliseconds: float, number: int = 0) -> int:
    """An id that was given out at that Unix time."""
    return ((int(milliseconds) - DISCORD_EPOCH) << 22) + number


def breaches(payload: dict) -> list[str]:
    """Which of Discord's limits a message breaks; counted here anew, in UTF-16."""

    def size(text: str | None) -> int:
        return len((text or "").encode("utf-16-le")) // 2

    embeds = payload.get("embeds") or []
    found = []
    total = 0
    for embed in embeds:
        parts = {"title": 256, "description": 4096}
        sizes = {name: size(embed.get(name)) for name in parts}
        sizes["footer"] = size((embed.get("footer") or {}).get("text"))
        total += sum(sizes.values())
        found += [name for name, limit in {**parts, "footer": 2048}.items() if sizes[name] > limit]
        if not (embed.get("title") or embed.get("description") or "").strip():
            found.append("empty embed")
    if total > 6000:
        found.append("total")
    if len(embeds) > 10:
        found.append("embeds")
    if size(payload.get("content")) > 2000:
        found.append("content")
    if not embeds and not (payload.get("content") or "").strip():
        found.append("empty message")
    buttons = [each for row in payload.get("components") or [] for each in row.get("components") or []]
    ids = [button.get("custom_id") or "" for button in buttons]
    if len(ids) != len(set(ids)) or any(not 0 < size(each) <= 100 for each in ids):
        found.append("custom id")
    if any(not 0 < size(button.get("label")) <= 80 for button in buttons) or len(buttons) > 25:
        found.append("button")
    if any(size(each.get("description")) > 1024 for each in payload.get("attachments") or []):
        found.append("attachment")
    if size(payload.get("nonce")) > 25:
        found.append("nonce")
    return found


def message_of(number: int, channel: int, payload: dict, author: dict) -> dict:
    return {
        "id": str(number), "channel_id": str(channel), "type": 0, "author": author,
        "content": payload.get("content") or "", "embeds": payload.get("embeds") or [],
        "nonce": payload.get("nonce"), "timestamp": "2025-01-01T00:00:00+00:00",
        "edited_timestamp": None, "tts": False, "mention_everyone": False, "mentions": [],
        "mention_roles": [], "attachments": [], "pinned": False, "flags": payload.get("flags", 0),
        "components": payload.get("components") or [],
    }  # fmt: skip


async def payload_of(request: web.Request) -> dict:
    """What is posted; files come with it as `files`, by name."""
    if request.content_type != "multipart/form-data":
        return await request.json()
    form = await request.post()
    files = {part.filename: part.file.read() for name, part in form.items() if name != "payload_json"}
    return {**json.loads(form["payload_json"]), "files": files}


def json_answer(value: object, status: int = 200) -> web.Response:
    # discord.py reads JSON only where the content type is exactly this, without a charset
    return web.Response(body=json.dumps(value).encode(), content_type="application/json", status=status)


def drop(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
