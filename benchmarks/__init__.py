"""Speed and memory, measured side by side with a reference in the same run; nothing is asserted."""
