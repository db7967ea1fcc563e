"""The roles of `attache run`: what each does, and where it cannot."""

from __future__ import annotations

import pytest

from bot.roles import Role

PARTS = [role for role in Role if role is not Role.ALL]


@pytest.mark.parametrize("role", PARTS)
def test_a_part_of_the_bot_is_refused_on_sqlite_in_one_line(attache, role):
    for done in (attache("run", "--role", role), attache("run", "--once", ATTACHE_ROLE=role)):
        assert (done.returncode, done.stdout) == (1, "")
        (line,) = done.stderr.splitlines()
        assert f"The role {role} shares the database" in line
        assert "PostgreSQL" in line


def test_an_unknown_role_is_named(attache):
    done = attache("run", "--once", ATTACHE_ROLE="poet")
    assert done.returncode == 1
    assert "ATTACHE_ROLE cannot be used" in done.stderr
    assert "worker" in done.stderr


def test_everything_is_done_where_no_role_is_given(attache):
    assert attache("run", "--once").returncode == 0
    assert attache("run", "--once", "--role", "all", ATTACHE_ROLE="worker").returncode == 0


def test_everything_that_is_to_be_done_is_some_roles_part():
    for part in ("posts", "takes_in", "reads"):
        assert getattr(Role.ALL, part)
        assert [role for role in PARTS if getattr(role, part)], part
