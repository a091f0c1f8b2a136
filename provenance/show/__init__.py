"""How answers are shown: the graph, the terminal, the pages."""
