"""What is kept: files, runs by content, receipts, and what sources say."""
