"""Training the position reader."""
