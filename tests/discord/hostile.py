"""Words that try to act instead of being read, on Discord and everywhere."""

from __future__ import annotations

from hypothesis import strategies as st

ATTACKS = st.sampled_from(
    [
        "](https://evil.example)",
        "[",
        "]",
        "\\",
        "**",
        "> ",
        "@everyone",
        "<@1>",
        "https://a.b",
        "||",
        "\n",
        "😀",
        "\ud800",
    ]
)
WORDS = st.one_of(
    st.text(max_size=40),
    st.lists(ATTACKS | st.text(max_size=5), max_size=8).map("".join),
    st.text("a*", min_size=300),
)
