"""Facilities: the rooms, machines and spaces of the units, and who uses them when."""
