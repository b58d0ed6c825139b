"""Two versions of a paper, and what differs. Pure: bytes and values in, values out."""
