"""The registry: the PLUT units, and the enterprises and cooperatives that they serve."""
