"""What every Sinergi service stands on; knows no service."""
