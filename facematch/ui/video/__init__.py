"""Recording a video, and what was seen and heard in it."""
