"""What is asked of a model, and the facts of the run that answers it. No torch."""
