"""The endpoints of the local Klaviyo, one module per resource."""
