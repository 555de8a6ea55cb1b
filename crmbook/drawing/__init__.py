"""Puts empty forms on fresh sheets."""
