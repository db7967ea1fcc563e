"""Keeping it going: what operators ask of a running attache."""
