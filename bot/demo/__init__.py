"""The demo: an invented news wire, served on this machine, and Attaché reading it."""
