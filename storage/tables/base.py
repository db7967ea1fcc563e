"""What all tables have in common."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

from news.articles import ArticleId
from news.channels import DeliveryId, DigestId, SubscriptionId, WorkspaceId
from news.feeds import FeedId
from news.names import NameChangeId
from news.notices import NoticeId
from news.stories import StoryId
from storage.types import Id, UtcTime, Words

DERIVED: Mapping[str, bool] = {"derived": True}
"""Of tables whose rows are made anew from the others: what searches are quick by. `storage/indexing.py` keeps them."""


class Row(DeclarativeBase):
    """Base of the rows; they never leave the store."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[Mapping[Any, Any]] = {
        str: Words,
        datetime: UtcTime,
        ArticleId: Id,
        DeliveryId: Id,
        DigestId: Id,
        FeedId: Id,
        NameChangeId: Id,
        NoticeId: Id,
        StoryId: Id,
        SubscriptionId: Id,
        WorkspaceId: Id,
    }
