"""The webhook by which a county's system announces or uploads a delivery."""
