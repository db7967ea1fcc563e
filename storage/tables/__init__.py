"""The tables: what is stored, and the rules that constraints keep."""

from __future__ import annotations

from storage.tables.articles import (
    ArticleRow,
    BriefRow,
    SignatureRow,
    StatementRow,
    StoryRow,
    ToldRow,
    VersionRow,
)
from storage.tables.base import Row
from storage.tables.channels import (
    DeliveryRow,
    DigestRow,
    HandledRow,
    LeaseRow,
    OutageRow,
    SubscriptionRow,
    WorkspaceRow,
)
from storage.tables.feeds import EntryRow, FeedRow, FollowRow, NoticeRow
from storage.tables.installations import InstallationRow, InstallStateRow
from storage.tables.names import (
    ActorFeedRow,
    ActorNameRow,
    ActorRow,
    ActorTokenRow,
    OutletRow,
    SearchIndexRow,
)
from storage.tables.stances import PageRow, PairRow, StanceRow, TargetRow

__all__ = [
    "ActorFeedRow",
    "ActorNameRow",
    "ActorRow",
    "ActorTokenRow",
    "ArticleRow",
    "BriefRow",
    "DeliveryRow",
    "DigestRow",
    "EntryRow",
    "FeedRow",
    "FollowRow",
    "HandledRow",
    "InstallStateRow",
    "InstallationRow",
    "LeaseRow",
    "NoticeRow",
    "OutageRow",
    "OutletRow",
    "PageRow",
    "PairRow",
    "Row",
    "SearchIndexRow",
    "SignatureRow",
    "StanceRow",
    "StatementRow",
    "StoryRow",
    "SubscriptionRow",
    "TargetRow",
    "ToldRow",
    "VersionRow",
    "WorkspaceRow",
]
