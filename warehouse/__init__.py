"""How a candidate becomes an audited, published, immutable release; knows no sender and no question."""
