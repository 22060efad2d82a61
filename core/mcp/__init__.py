"""Tools for agents over the Model Context Protocol: they read and propose, people decide."""
