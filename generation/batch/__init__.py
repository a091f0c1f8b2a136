"""Painting in quantity: a sheet of cuts, the candidates of each as one batch, on one machine or many."""
