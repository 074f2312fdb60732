"""Ways into the counties' systems: each lists what there is and fetches it as bytes; what these mean is not theirs."""
