# Configuring devices and segments.
