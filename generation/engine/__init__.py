"""A loaded model: a request in, pictures and facts out. torch and diffusers run here and nowhere else."""
