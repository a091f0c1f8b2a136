"""The layout as pixels: its colours, its canvas, masks over it, tiles of it. No model and no record."""
