"""Clinical content: working rows, their checks, frozen releases, and the one live release."""
