"""Where people live and with whom: areas, households, other groupings, import, search."""
