"""An invented programme, told through the portal's own services."""
