"""How the shipped weights were made; needs the `training` extra and is never imported by the product."""
