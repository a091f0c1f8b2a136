"""Answers on one picture."""
