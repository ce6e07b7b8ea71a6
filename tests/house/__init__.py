"""The guards, guarded: each rule of the house is broken once, on a copy, and seen to notice."""
