"""What whoever asked is told when no answer comes, whatever the platform."""

BROKEN = "That did not work; the log has the details."
AWAY = "Attaché cannot use its database just now: ask again in a minute; the log has the details."
UNKNOWN = (
    "Attaché lost its database while it was storing that: look whether it is there before you ask again."
)
CLOSING = "Attaché is being restarted: ask again in a minute."
