"""What happens by itself: feeds are collected, articles read and clustered, digests delivered."""
