"""Settings of the installation, for administrators."""
