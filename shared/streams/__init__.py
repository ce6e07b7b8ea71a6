"""How what one service did becomes what the others know: log, relay, copies, reactions."""
