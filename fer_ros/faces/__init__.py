"""From an image to faces: find them now and then, follow and read them on every frame."""
