"""The screens: one thin file each, the shared parts in `pages.ui`."""
