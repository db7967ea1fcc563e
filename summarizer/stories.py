"""Which articles tell of one event: clustering as they arrive, around each new article anew.

A new article takes up the stories of the articles most like it, and these are put together again by average link. So
the outcome is that of clustering everything at once, whatever the order of arrival; but a story that was posted stays
whole, keeps its articles, and joins no other that was.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from news.articles import ArticleId
from news.stories import Assignment, Member, StoryId

if TYPE_CHECKING:
    from summarizer.neighbours import Neighbours

THRESHOLD = 0.2
"""Of the average likeness of two groups; chosen on the development data, see docs/evaluation.md."""
_ASKED, _AROUND = 10, 0.1
"""Neighbours of a new article whose stories are taken up, and how much less than the threshold may be like it."""
_MOST_MOVING = 60
"""A story of more articles is taken as a whole, like one that was posted."""
_MOST_COMPARED = 40
"""The newest articles of such a story, which stand for it."""


@dataclass(slots=True, eq=False)
class _Group:
    """A story while articles are put to it."""

    story_id: StoryId | None = None
    told: bool = False
    articles: list[ArticleId] = field(default_factory=list)
    copies: list[ArticleId] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Whether none of its articles may leave it."""
        return self.told or len(self.articles) > _MOST_MOVING


class Clusterer:
    """Stories of a few days: told of articles that are in one, it puts others to them. Not for several threads."""

    def __init__(self, *, threshold: float = THRESHOLD) -> None:
        self._threshold = threshold
        self._neighbours: Neighbours | None = None
        self._groups: dict[ArticleId, _Group] = {}
        self._stories: dict[StoryId, _Group] = {}
        self._members: dict[ArticleId, Member] = {}
        """What was last learnt of each article."""
        self._copies: dict[ArticleId, ArticleId] = {}

    def learn(self, members: Iterable[Member]) -> None:
        """Takes in what the store says of articles that are in a story."""
        for member in members:
            if self._members.get(member.article_id) != member and member.story_id is not None:
                self._learn(member, member.story_id)

    def forget(self, before: datetime) -> None:
        """Lets go of older articles; their stories stay as they are from now on."""
        for article_id in [i for i, m in self._members.items() if m.when < before]:
            self._groups[article_id].told = True
            self._leave(article_id)

    def assign(self, new: Sequence[Member]) -> tuple[Assignment, ...]:
        """One assignment for each new member, oldest first, and one for each that moves with them."""
        touched: dict[ArticleId, None] = {}
        for member in sorted(new, key=lambda m: (m.when, m.article_id)):
            self._leave(member.article_id)
            self._members[member.article_id] = member
            touched.update(dict.fromkeys(self._place(member)))
        return tuple(made for article_id in touched if (made := self._assignment(article_id)) is not None)

    def _learn(self, member: Member, story_id: StoryId) -> None:
        group = self._groups.get(member.article_id)
        known = self._stories.get(story_id)
        if group is not None and group.story_id is None and known is None:
            group.story_id, known = story_id, group  # it was begun here, and the store has named it
            self._stories[story_id] = group
        if group is None or group is not known or self._changed(member):
            self._leave(member.article_id)
            known = self._stories.setdefault(story_id, known or _Group(story_id))
            self._enter(member, known, member.copy_of)
        known.told = known.told or member.told
        self._members[member.article_id] = member

    def _changed(self, member: Member) -> bool:
        known = self._members[member.article_id]
        return (known.signature, known.when) != (member.signature, member.when)

    def _enter(self, member: Member, group: _Group, copy_of: ArticleId | None) -> None:
        if copy_of is None:
            self._index().add(member.article_id, member.when, member.signature)
            group.articles.append(member.article_id)
        else:
            self._copies[member.article_id] = copy_of
            group.copies.append(member.article_id)
        self._groups[member.article_id] = group
        self._members[member.article_id] = member

    def _leave(self, article_id: ArticleId) -> None:
        """Forgets the article."""
        group = self._groups.pop(article_id, None)
        self._members.pop(article_id, None)
        if group is None:
            return
        (group.copies if self._copies.pop(article_id, None) is not None else group.articles).remove(
            article_id
        )
        self._index().drop(article_id)
        if not group.articles and not group.copies and group.story_id is not None:
            self._stories.pop(group.story_id, None)

    def _index(self) -> Neighbours:
        if self._neighbours is None:
            from summarizer.neighbours import Neighbours

            self._neighbours = Neighbours()
        return self._neighbours

    def _place(self, member: Member) -> Iterable[ArticleId]:
        """Puts a new article to its story, and returns it with all whose story may have changed."""
        index = self._index()
        article_id = member.article_id
        index.add(article_id, member.when, member.signature)
        original = index.copied(article_id)
        if original is not None:
            index.drop(article_id)
            self._enter(member, self._groups[original], original)
            return (article_id,)
        index.introduce(article_id)
        group = _Group(articles=[article_id])
        self._groups[article_id] = group
        least = self._threshold - _AROUND
        near = index.nearest(article_id, _ASKED, least)
        around = list(dict.fromkeys(self._groups[other] for other in near))
        if not around:
            return (article_id,)
        return self._regroup([*around, group])

    def _regroup(self, groups: Sequence[_Group]) -> list[ArticleId]:
        """Puts the groups' articles together anew."""
        from summarizer.linking import link

        index = self._index()
        atoms: list[list[ArticleId]] = []
        for group in groups:
            atoms += [list(group.articles)] if group.whole else [[article] for article in group.articles]
        standing = [sorted(atom, key=index.when)[-_MOST_COMPARED:] for atom in atoms]
        held = frozenset(at for at, atom in enumerate(atoms) if self._groups[atom[0]].whole)
        likeness, near = index.likeness([article for atom in standing for article in atom])
        parts = link(likeness, near, [len(a) for a in standing], held, self._threshold)
        return self._settle(groups, [[article for at in part for article in atoms[at]] for part in parts])

    def _settle(self, groups: Sequence[_Group], parts: Sequence[list[ArticleId]]) -> list[ArticleId]:
        """Each old group becomes the part that has most of it; what is left over begins a new one."""
        index = self._index()
        copies = [(copy, group) for group in groups for copy in group.copies]
        free = {at: set(part) for at, part in enumerate(parts)}
        order = sorted(
            (group for group in groups if group.articles),
            key=lambda g: (not g.whole, g.story_id is None, min((index.when(a), a) for a in g.articles)),
        )
        chosen: list[tuple[_Group, list[ArticleId]]] = []
        for group in order:
            mine = set(group.articles)
            at = max(free, key=lambda at: (len(free[at] & mine), -at), default=None)
            if at is None or not free[at] & mine:
                chosen.append((group, []))
                continue
            del free[at]
            chosen.append((group, parts[at]))
        chosen += [(_Group(), parts[at]) for at in free]
        for group, part in chosen:
            group.articles, group.copies = list(part), []
            self._groups.update(dict.fromkeys(part, group))
        for copy, before in copies:
            # An original that lies too far back to be known stays where it is, and so does its copy.
            group = self._groups.get(self._copies[copy], before)
            group.copies.append(copy)
            self._groups[copy] = group
        return [article for _, part in chosen for article in part] + [copy for copy, _ in copies]

    def _assignment(self, article_id: ArticleId) -> Assignment | None:
        """What the store has to do for the article; None where it has done so."""
        group, known = self._groups[article_id], self._members[article_id]
        copy_of = self._copies.get(article_id)
        if known.story_id is not None and known.story_id == group.story_id and known.copy_of == copy_of:
            return None
        moves = known.story_id is not None
        if group.story_id is not None:
            return Assignment(article_id, group.story_id, None, copy_of, moves)
        return Assignment(article_id, None, group.articles[0], copy_of, moves)
