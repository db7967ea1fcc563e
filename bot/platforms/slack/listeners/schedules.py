"""The form that adds a schedule, which `/schedule` alone and the Home tab open."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import structlog
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext

from bot.grammar import Parsed
from bot.messages.message import Message
from bot.platforms.slack.answering import Asked, Office
from bot.platforms.slack.failures import CLOSING, SLACK_FAILURES, told_of
from bot.platforms.slack.forms import (
    CHANNEL,
    FORM,
    errors_of,
    faults_in,
    options_of,
    result_of,
    schedule_form,
    typed_in,
)
from bot.platforms.slack.rendering import Post, render, render_error
from news.channels import Platform
from news.errors import AttacheError, InputError

log = structlog.get_logger(__name__)

COMMAND = "schedule"
PROMPT = 2.0
"""Seconds that the desk has while the form stays open: Slack waits three."""
_ZONE_IN = 1.0
"""Seconds that there are to look the zone up: a form must be opened within three."""
_OPENS_IN = 2.5
_WORKING = "One moment: the answer comes here."
_NO_FORM = "Slack does not open the form: ask again, or type the times, as in {} add weekdays 09:00."


async def open_form(office: Office, asked: Asked, trigger: str) -> None:
    """Opens it for whoever asked. Raises InputError where Slack does not."""
    view = schedule_form(asked.channel, await _zone(office, asked))
    try:
        async with asyncio.timeout(_OPENS_IN):
            await asked.client.views_open(trigger_id=trigger, view=view)
    except SLACK_FAILURES as error:
        log.warning("slack opens no form", error=str(error))
        raise InputError(_NO_FORM.format(office.names.slash(COMMAND))) from error


async def _zone(office: Office, asked: Asked) -> str | None:
    """The workspace's, where that can be told in time."""
    try:
        async with asyncio.timeout(_ZONE_IN):
            workspace = await office.desk.known(Platform.SLACK, asked.team)
    except (AttacheError, TimeoutError) as error:
        log.info("time zone not looked up", error=str(error) or "it took too long")
        return None
    return workspace.timezone if workspace is not None else None


def hear_schedules(app: AsyncApp, office: Office) -> None:
    """Adds what a form says; what is wrong is told at its fields, while it is still open."""

    @app.view(FORM)
    async def sent_off(
        ack: AsyncAck, body: dict[str, Any], view: dict[str, Any], context: AsyncBoltContext
    ) -> None:
        asked = replace(
            office.asked("schedule form", context),
            channel=typed_in(view),
            telling=lambda sentence: _update(context, view, render_error(sentence)),
        )
        if not office.take(asked):
            await ack(**errors_of({CHANNEL: CLOSING}))
            return
        if not await office.is_first(body):
            await ack()
            return
        await _add(office, asked, ack, view, context)


async def _add(
    office: Office, asked: Asked, ack: AsyncAck, view: dict[str, Any], context: AsyncBoltContext
) -> None:
    options = options_of(view, asked.user)
    if faults := faults_in(options):
        await ack(**errors_of(faults))
        return
    asking = asyncio.create_task(_asked(office, asked, options))
    try:
        quick, _ = await asyncio.wait({asking}, timeout=PROMPT)
        if not quick:
            await ack(response_action="update", view=result_of(render_error(_WORKING)))
        try:
            post = render(await asking)[0]
        except Exception as error:  # noqa: BLE001  # it is told, and logged where it is no sentence for a reader
            sentence = told_of(error, asked.what)
            if quick:
                await ack(**errors_of({CHANNEL: sentence}))
                return
            post = render_error(sentence)
    finally:
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)  # nothing of it goes on behind a closed store
    if quick:
        await ack(response_action="update", view=result_of(post))
    else:
        await _update(context, view, post)


async def _asked(office: Office, asked: Asked, options: dict[str, str]) -> Message:
    office.check(asked, COMMAND)
    return await office.ask(asked, Parsed(COMMAND, options))


async def _update(context: AsyncBoltContext, view: dict[str, Any], post: Post) -> None:
    """Shows it where the form was; somebody may have closed that."""
    assert context.client is not None
    try:
        await context.client.views_update(view_id=view["id"], view=result_of(post))
    except SLACK_FAILURES as error:
        log.info("slack form is gone", error=str(error))
