"""What the commands answer: queries in, values out, through a unit of work."""
