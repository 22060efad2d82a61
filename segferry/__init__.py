"""What is installed: in a wheel this folder holds the pages and the core, too."""
