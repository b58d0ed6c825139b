"""tracker keeps a post of notes true to the papers, files and models it links to."""

__version__ = "0.1.0"
