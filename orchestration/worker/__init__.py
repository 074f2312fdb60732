"""The warm process: what arrives is served within seconds."""
