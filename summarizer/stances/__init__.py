"""Where actors stand: on what positions are about, and towards each other."""
