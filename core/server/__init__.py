"""What runs beside the pages: the server, its protection, sign-in, the local Klaviyo."""
