"""What subscribers are told: the AsyncAPI document, the released schemas, and pages of both."""
