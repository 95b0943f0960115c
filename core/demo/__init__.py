"""An invented county for the demo and for tests: nobody in it exists."""
