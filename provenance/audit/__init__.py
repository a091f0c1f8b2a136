"""Answers on a delivery."""
